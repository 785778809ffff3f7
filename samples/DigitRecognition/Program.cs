using System.CommandLine;
using DigitRecognition;

Screen.Start();

RootCommand root = new("Learns to read handwritten digits with ML.NET and MnistMlNet's two-layer network. Without arguments: trains on "
    + "MNIST, tests, and saves digits.zip.");
TrainCommand.AddTo(root);
root.Subcommands.Add(PredictCommand.Create());

ParseResult parsed = root.Parse(args);
try
{
    // Unexpected exceptions end the program with their stack trace. The user can correct the causes of the ones below, for which a sentence
    // helps more.
    int exitCode = await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
    });
    return parsed.Errors.Count > 0 ? ExitCode.BadInput : exitCode;
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
