using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using MnistMlNet.Tool.Commands;

namespace MnistMlNet.Tool;

/// <summary>The program: parses the arguments, runs a command, and turns errors into a line of text and an exit code.</summary>
internal static class ToolProgram
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int UsageError = 2;

    /// <param name="args">The arguments.</param>
    /// <param name="output">Where results go.</param>
    /// <param name="error">Where errors and remarks go.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        // Numbers in files and on the screen are the same everywhere.
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
        try
        {
            ParseResult parsed = Root(output, error).Parse(args);
            if (parsed.Action is ParseErrorAction mistakes)
            {
                // The message and similar names are enough; the whole help would hide them.
                mistakes.ShowHelp = false;
            }

            int code = parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
            });
            return parsed.Errors.Count > 0 ? UsageError : code;
        }
        catch (UsageException e)
        {
            error.WriteLine($"mnistmlnet: {e.Message}");
            return UsageError;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or InvalidOperationException
            or NotSupportedException or ArgumentException or FormatException)
        {
            // ML.NET gives more lines and parameter names where an argument of its own methods is wrong.
            error.WriteLine($"mnistmlnet: {e.Message.Split(" (Parameter '")[0].Split('\n')[0].TrimEnd()}");
            return Failure;
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // Not a RootCommand: its name is that of the assembly, which users don't type.
    private static Command Root(TextWriter output, TextWriter error) => new(
        "mnistmlnet",
        "Trains neural networks with one hidden layer on CSV files, predicts with them, and writes reports. The models are those of "
            + "ML.NET: mlContext.Model.Load reads them where the package MnistMlNet is referenced.")
    {
        new HelpOption(), new VersionOption(),
        TrainCommand.Create(output),
        PredictCommand.Create(output, error),
        ReportCommand.Create(output),
        ExportCommand.Create(output),
    };
}
