using System.Diagnostics;
using DigitRecognition;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Samples;

/// <summary>The program as a user runs it, in a folder of its own, on 200 digits.</summary>
public sealed class DigitRecognitionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public DigitRecognitionTests() => _folder.Write(
        "digits.csv", DigitCsv.Lines([.. Enumerable.Range(0, 200).Select(i => DigitCsv.Row($"{i % 10}", $"{25 * (i % 10)}"))]));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_command_that_is_shown_next_runs()
    {
        (int code, string output, string error) = Run("--train", "digits.csv", "--epochs", "3", "--hidden-units", "8");

        Assert.Equal(("", 0), (error, code));
        Assert.Contains("training accuracy", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^loss  \d\.\d{4} to \d\.\d{4}\r?$", output);
        string[] commands = Next(output);
        Assert.Equal(4, commands.Length);
        string[] own = [.. commands.Where(command => !command.Contains("DigitPad", StringComparison.Ordinal))];
        Assert.Equal(
            [
                "predict digits.csv", "--train digits.csv --hidden-units 8 --epochs 3 --report report.html",
                "--train digits.csv --epochs 3"
            ], own.Select(command => Arguments(command)));
        foreach (string command in own)
        {
            (int ended, output, error) = Run(Arguments(command).Split(' '));
            Assert.Equal(("", 0), (error, ended));
            Assert.NotEmpty(Next(output));
        }

        Assert.True(File.Exists(_folder.File("report.html")));
        Assert.Equal(201, File.ReadAllLines(_folder.File("predictions.csv")).Length);

        // The sample with the drawings is a web server, which would not end; it needs no arguments.
        Assert.Equal(Invocation.OfSample("DigitPad"), commands[^1]);
    }

    [Theory]
    [InlineData("--train digits.csv --model no/m.zip", "--model 'no/m.zip' can't be written: the folder ")]
    [InlineData("--train digits.csv --report no/r.html", "--report 'no/r.html' can't be written: the folder ")]
    [InlineData("predict digits.csv --output no/p.csv", "--output 'no/p.csv' can't be written: the folder ")]
    [InlineData("predict digits.csv --output digits.csv", "--output 'digits.csv' is the same file as the file of digits")]
    [InlineData("--trian digits.csv", "'--trian' is no option of the training.")]
    public void A_mistake_ends_the_program_before_it_reads_a_digit(string arguments, string problem)
    {
        (int code, string output, string error) = Run(arguments.Split(' '));

        string[] lines = error.TrimEnd().Split('\n');
        Assert.StartsWith($"error: {problem}", lines[0], StringComparison.Ordinal);
        Assert.Equal(2, lines.Length);
        Assert.Equal(("", 2), (output, code));
    }

    private static string[] Next(string output) =>
    [
        .. output.Split("Next:")[1].Split('\n').Where(line => line.StartsWith("  ", StringComparison.Ordinal)).Select(line => line.Trim()),
    ];

    private static string Arguments(string command)
    {
        string start = Invocation.OfSample("DigitRecognition")! + " -- ";
        Assert.StartsWith(start, command, StringComparison.Ordinal);
        return command[start.Length..];
    }

    private (int Code, string Output, string Error) Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(
            ChildProcess.DotNet, ["exec", Path.Combine(AppContext.BaseDirectory, "DigitRecognition.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        using Process process = Process.Start(start)!;
        (string output, string error) = ChildProcess.End(process);
        return (process.ExitCode, output, error);
    }
}
