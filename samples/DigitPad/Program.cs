using System.CommandLine;
using System.CommandLine.Invocation;
using DigitPad;

RootCommand root = new("Serves a page on which one draws digits and sees what a two-layer network makes of them. Trains the network on "
    + "MNIST if there is no model yet.");
PadCommand.AddTo(root);
try
{
    // The host itself stops on SIGTERM and Ctrl+C, after the requests in progress and with exit code 0; System.CommandLine would end the
    // process without waiting.
    ParseResult parsed = root.Parse(args);
    if (parsed.Action is ParseErrorAction mistakes)
    {
        // The message is enough; the whole help would hide it.
        mistakes.ShowHelp = false;
    }

    int code = await parsed.InvokeAsync(
        new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
    return parsed.Errors.Count > 0 ? 2 : code;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // The port is in use, or a folder can't be created: the user can correct this, and a sentence helps more than a stack trace.
    await Console.Error.WriteLineAsync($"error: {e.Message}");
    return 2;
}
