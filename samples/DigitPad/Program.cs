using System.CommandLine;
using DigitPad;

RootCommand root = new("Serves a page on which one draws digits and sees what a two-layer network makes of them. Trains the network on "
    + "MNIST if there is no model yet.");
PadCommand.AddTo(root);
try
{
    // The host itself stops on SIGTERM and Ctrl+C, after the requests in progress and with exit code 0; System.CommandLine would end the
    // process without waiting.
    return await root.Parse(args).InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // The port is in use, or a folder can't be created: the user can correct this, and a sentence helps more than a stack trace.
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return 2;
}
