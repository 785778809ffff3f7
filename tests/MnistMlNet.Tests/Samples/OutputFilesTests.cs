using DigitRecognition;
using Microsoft.ML;

namespace MnistMlNet.Tests.Samples;

/// <summary>A file that can't be written is found before the work, not after it.</summary>
public sealed class OutputFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_does_not_exist_is_named_with_the_command_that_makes_it()
    {
        string folder = _folder.File("no folder");

        Assert.Equal(
            $"--model '{Path.Combine(folder, "m.zip")}' can't be written: the folder '{folder}' does not exist.\n"
                + $"Make the folder first, or give another path: mkdir {(OperatingSystem.IsWindows() ? "" : "-p ")}"
                + Invocation.Quote(folder),
            Refusal([("--model", Path.Combine(folder, "m.zip"))], []));
    }

    [Fact]
    public void A_folder_as_output_is_refused_with_what_to_do() => Assert.Matches(
        "^--report '.*' can't be written: it is a folder; .*\nGive another path: --report <",
        Refusal([("--model", _folder.File("m.zip")), ("--report", _folder.Path)], []));

    [Fact]
    public void An_output_that_would_replace_an_input_or_another_output_is_refused()
    {
        string data = _folder.Write("digits.csv", "1"), link = _folder.File("link");
        File.CreateSymbolicLink(link, data);

        Assert.Contains("is the same file as --train", Refusal([("--model", data)], [("--train", data)]), StringComparison.Ordinal);
        Assert.Contains("is the same file as --train", Refusal([("--model", link)], [("--train", data)]), StringComparison.Ordinal);
        Assert.Contains(
            "is the same file as --model", Refusal([("--model", _folder.File("a")), ("--report", _folder.File("a"))], []),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Files_that_can_be_written_stay_as_they_are_and_nothing_is_left_behind()
    {
        string old = _folder.Write("old.zip", "content");

        OutputFiles.Check([("--model", old), ("--report", _folder.File("new.html")), ("--output", null)], [("--test", null)]);

        Assert.Equal("content", File.ReadAllText(old));
        Assert.Equal([old], Directory.GetFileSystemEntries(_folder.Path));
    }

    // A file with the name of the cache's folder, since root may write to every folder.
    [Theory]
    [InlineData(null)]
    [InlineData("test.csv")]
    public void A_cache_that_cannot_be_kept_is_found_before_MNISTs_files_are_read_and_answered_with_another_way(string? testPath)
    {
        Directory.CreateDirectory(_folder.File("DigitRecognition"));
        _folder.Write(Path.Combine("DigitRecognition", "cache"), "");
        TrainSettings settings = new(null, testPath, null, HiddenUnits: 64, Epochs: 3, Seed: 2, "my model.zip", TargetAccuracy: null);
        MnistFiles files = new(_folder.Path, settings);                            // where there are no files of MNIST

        string[] lines = Assert.Throws<IOException>(() => files.TrainCsv(new MLContext(seed: 1), CancellationToken.None))
            .Message.Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.StartsWith(
            $"The CSV files made of MNIST's can't be kept in '{_folder.File(Path.Combine("DigitRecognition", "cache"))}': ", lines[0],
            StringComparison.Ordinal);
        Assert.Equal(
            testPath is not null ? "Make the folder writable, or give both --train and --test."
                : "Train without them: " + Invocation.Of(
                    "--idx", _folder.File(Path.Combine("data", "mnist")), "--hidden-units", "64", "--epochs", "3", "--seed", "2", "--model",
                    "my model.zip"),
            lines[1]);
    }

    private static string Refusal((string, string?)[] outputs, (string, string?)[] inputs) =>
        Assert.ThrowsAny<IOException>(() => OutputFiles.Check(outputs, inputs)).Message;
}
