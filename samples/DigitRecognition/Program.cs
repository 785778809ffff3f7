using System.CommandLine;
using System.CommandLine.Invocation;
using DigitRecognition;

Screen.Start();

ParseResult parsed = CommandLine.Create().Parse(args);
if (parsed.Action is ParseErrorAction)
{
    Screen.Error(UsageError.Of(parsed));
    return ExitCode.BadInput;
}

try
{
    // Unexpected exceptions end the program with their stack trace. The user can correct the causes of the ones below, for which a sentence
    // helps more.
    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
    });
}
catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
{
    Screen.Error(e.Message);
    return ExitCode.BadInput;
}
catch (OperationCanceledException)
{
    Screen.Error("Cancelled; nothing was saved.");
    return ExitCode.Cancelled;
}
