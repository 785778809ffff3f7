using System.CommandLine;
using DigitPad;

RootCommand root = new("Serves a page on which one draws digits and sees what a two-layer network makes of them. Trains the network on MNIST if there is no model yet.");
PadCommand.AddTo(root);
try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(10) });
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // The port is taken, a folder can't be made: the user's to mend, and a sentence says more than a stack trace.
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return 2;
}
