using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Mnist;

namespace MnistMlNet.Tests;

/// <summary>The README says what is so.</summary>
[Collection(nameof(RunsAlone))]
public sealed partial class ReadmeTests
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void Every_code_block_of_the_README_stands_in_a_compiled_file_line_by_line()
    {
        string example = Collapse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "MnistMlNet.Tests", "ReadmeExample.cs")));
        MatchCollection blocks = CodeBlock().Matches(s_readme);
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Collapse(block.Groups[1].Value), example, StringComparison.Ordinal));
    }

    [Fact]
    public void The_commands_of_the_README_are_those_that_the_gate_runs()
    {
        string gate = File.ReadAllText(Path.Combine(Repository.Root, ".ci", "run"));
        string[] commands = [.. s_readme.Split('\n').Where(line => line.StartsWith("dotnet ", StringComparison.Ordinal))];
        Assert.Equal(2, commands.Length);
        Assert.All(commands, command => Assert.Contains(command, gate, StringComparison.Ordinal));
    }

    [Fact]
    public void The_example_of_the_README_trains_on_a_CSV_file_and_its_model_loads_again()
    {
        using var folder = new TemporaryFolder();
        WriteCsv(Path.Combine(folder.Path, "mnist_train.csv"), "t10k", 0, 2000);
        WriteCsv(Path.Combine(folder.Path, "mnist_test.csv"), "t10k", 2000, 2500);
        string before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.Path;
            ReadmeExample.Train();
            Assert.IsType<TransformerChain<ITransformer>>(ReadmeExample.Load());
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static void WriteCsv(string path, string set, int first, int end)
    {
        DigitSet digits = IdxReader.Read(Repository.MnistFile($"{set}-images-idx3-ubyte.gz"), Repository.MnistFile($"{set}-labels-idx1-ubyte.gz"));
        using var writer = new StreamWriter(path);
        writer.WriteLine("label," + string.Join(',', Enumerable.Range(0, digits.PixelCount).Select(i => $"pixel{i}")));
        for (int i = first; i < end; i++)
        {
            writer.WriteLine(digits.Label(i) + "," + string.Join(',', digits.Pixels(i).ToArray()));
        }
    }

    private static string Collapse(string code) => Spaces().Replace(code, " ").Trim();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
