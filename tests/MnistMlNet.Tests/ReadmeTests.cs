using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Mnist;
using MnistMlNet.Tests.Mnist;

namespace MnistMlNet.Tests;

/// <summary>The statements of the README are true.</summary>
[Collection(nameof(RunsAlone))]
public sealed partial class ReadmeTests
{
    private static readonly string s_readme = File.ReadAllText(Path.Combine(Repository.Root, "README.md"));

    [Fact]
    public void Every_code_block_of_the_README_is_in_a_compiled_file_line_by_line()
    {
        string example = Collapse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "MnistMlNet.Tests", "ReadmeExample.cs")));
        MatchCollection blocks = CodeBlock().Matches(s_readme);
        Assert.NotEmpty(blocks);
        Assert.All(blocks, block => Assert.Contains(Collapse(block.Groups[1].Value), example, StringComparison.Ordinal));
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
        Assert.All(commands, command => Assert.Contains(command, gate, StringComparison.Ordinal));
    }

    [Fact]
    public void The_version_that_the_README_installs_is_the_one_that_is_packed() =>
        Assert.Contains($"Include=\"MnistMlNet\" Version=\"{typeof(TwoLayerNetworkTrainer).Assembly.GetName().Version!.ToString(3)}\"",
            s_readme, StringComparison.Ordinal);

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

    [Fact]
    public void The_example_with_options_trains_on_distorted_digits_resumes_and_writes_ONNX()
    {
        using var folder = new TemporaryFolder();
        WriteIdx(folder, 500);
        string before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.Path;
            ReadmeExample.TrainWithOptions();
            byte[] onnx = File.ReadAllBytes("digits.onnx");
            Assert.True(File.Exists("digits.checkpoint"));

            ReadmeExample.TrainWithOptions();
            Assert.Equal(onnx, File.ReadAllBytes("digits.onnx"));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static void WriteIdx(TemporaryFolder folder, int count)
    {
        DigitSet digits = IdxReader.Read(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
            Repository.MnistFile("t10k-labels-idx1-ubyte.gz"));
        IEnumerable<int> rows = Enumerable.Range(0, count);
        folder.Write("train-images-idx3-ubyte.gz",
            IdxBytes.Gzip(IdxBytes.Images(count, 28, 28, [.. rows.SelectMany(i => digits.Pixels(i).ToArray())])));
        folder.Write("train-labels-idx1-ubyte.gz", IdxBytes.Gzip(IdxBytes.Labels([.. rows.Select(i => (byte)digits.Label(i))])));
    }

    private static void WriteCsv(string path, string set, int first, int end)
    {
        DigitSet digits = IdxReader.Read(Repository.MnistFile($"{set}-images-idx3-ubyte.gz"),
            Repository.MnistFile($"{set}-labels-idx1-ubyte.gz"));
        using var writer = new StreamWriter(path);
        writer.WriteLine("label," + string.Join(',', Enumerable.Range(0, digits.PixelCount).Select(i => $"pixel{i}")));
        for (int i = first; i < end; i++)
        {
            writer.WriteLine(digits.Label(i) + "," + string.Join(',', digits.Pixels(i).ToArray()));
        }
    }

    private static string Collapse(string code) => Spaces().Replace(code, " ").Trim();

    // A line by itself, or inline code in a sentence.
    [GeneratedRegex("(?:^|`)(dotnet [^`\n]+)", RegexOptions.Multiline)]
    private static partial Regex Command();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
