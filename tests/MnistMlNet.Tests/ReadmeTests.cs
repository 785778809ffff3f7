using System.Text.RegularExpressions;

namespace MnistMlNet.Tests;

/// <summary>The statements of the README are true.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void The_example_with_NumPy_is_in_a_compiled_file_line_by_line()
    {
        string example = Collapse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "MnistMlNet.Tests", "ReadmeExample.cs")));
        string block = Assert.Single(ReadmeProgram.All, program => program.Code.Contains("LoadNpz", StringComparison.Ordinal)).Code;
        Assert.Contains(Collapse(block[block.IndexOf("var mlContext", StringComparison.Ordinal)..]), example, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_command_of_the_README_is_run_by_the_CI_script()
    {
        // The CI script writes into a folder of its own, where the README writes into the current one.
        string gate = string.Join('\n', File.ReadLines(Path.Combine(Repository.Root, ".ci", "run")).Where(line => !line.StartsWith('#')))
            .Replace("\"$logs/", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        string[] commands = [.. Command().Matches(s_readme).Select(match => match.Groups[1].Value)];

        Assert.Contains("dotnet run -c Release --project samples/DigitRecognition", commands);
        Assert.Contains("dotnet test -c Release", commands);
        Assert.Contains(ReadmeProgram.AddPackage, commands);
        Assert.All(commands.Except(ReadmeProgram.Commands), command => Assert.Contains(command, gate, StringComparison.Ordinal));
    }

    private static string Collapse(string code) => Spaces().Replace(code, " ").Trim();

    // A line by itself, or inline code in a sentence.
    [GeneratedRegex("(?:^|`)(dotnet [^`\n]+)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
