using System.CommandLine;
using DigitPad;

RootCommand root = new("Serves a page on which one draws digits and sees what a two-layer network makes of them. Trains the network on "
    + "MNIST if there is no model yet.");
PadCommand.AddTo(root);
try
{
    // The host itself ends on SIGTERM and Ctrl+C, after the requests under way and with 0; System.CommandLine would end the process by
    // itself.
    return await root.Parse(args).InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // The port is taken, a folder can't be made: the user's to mend, and a sentence says more than a stack trace.
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return 2;
}
