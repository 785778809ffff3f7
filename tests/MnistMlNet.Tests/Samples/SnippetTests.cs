using System.Globalization;
using System.Text.RegularExpressions;
using Snippets;

namespace MnistMlNet.Tests.Samples;

/// <summary>The snippets print what their comments say.</summary>
/// <remarks>Processors round differently, and one row more or less may be correct, so numbers may differ a little; words may not.</remarks>
[Collection(nameof(RunsAlone))]
public sealed partial class SnippetTests
{
    private const double ShareTolerance = 0.05;
    private const int CountTolerance = 6;
    private static readonly string[] s_folders = ["BinaryClassification", "Input", "MulticlassClassification", "Multilabel", "Regression"];

    public static TheoryData<string> Names => [.. AllSnippets.ByName.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_snippet_prints_what_its_comments_say(string name)
    {
        string[] expected = ExpectedOutput(name);
        string[] actual = Run(AllSnippets.ByName[name]);

        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(Words), actual.Select(Words));
        Assert.All(expected.Zip(actual), pair => Assert.True(
            Numbers(pair.First).Zip(Numbers(pair.Second)).All(numbers =>
                Close(numbers.First, numbers.Second, isTable: pair.First.Contains('|', StringComparison.Ordinal))),
                $"'{pair.First}' is said, '{pair.Second}' is printed."));
    }

    [Fact]
    public void Every_file_of_the_snippets_is_run()
    {
        string[] files = [.. s_folders
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Folder, folder), "*.cs")
                .Select(path => $"{folder}/{Path.GetFileNameWithoutExtension(path)}"))
            .Order()];

        Assert.Equal(files, AllSnippets.ByName.Keys.Order());
    }

    [Fact]
    public void A_wrong_number_or_a_different_word_is_detected()
    {
        Assert.False(Close("0.92", "0.85", isTable: false));
        Assert.True(Close("0.92", "0.90", isTable: false));
        Assert.False(Close("19.5", "21.0", isTable: false));
        Assert.True(Close("19.5", "20.0", isTable: false));
        Assert.False(Close("129", "100", isTable: true));
        Assert.True(Close("129", "128", isTable: true));
        Assert.False(Close("2", "1", isTable: false));
        Assert.NotEqual(Words("Micro accuracy: 0.92"), Words("Macro accuracy: 0.92"));
        Assert.NotEqual(Words("a: 1"), Words("a: 1 2"));
    }

    private static string Folder => Path.Combine(Repository.Root, "samples", "Snippets");

    // All comment blocks after "Expected output:", one after the other; empty lines are skipped on both sides.
    private static string[] ExpectedOutput(string name)
    {
        List<string> output = [];
        bool isExpected = false;
        foreach (string line in File.ReadLines(Path.Combine(Folder, name + ".cs")).Select(line => line.Trim()))
        {
            if (isExpected && line.StartsWith("//", StringComparison.Ordinal))
            {
                output.Add(line[2..].Trim());
            }

            isExpected = line.StartsWith("//", StringComparison.Ordinal) && (isExpected || line == "// Expected output:");
        }

        return [.. output.Where(line => line.Length > 0)];
    }

    private static string[] Run(Action snippet)
    {
        TextWriter before = Console.Out;
        using StringWriter output = new();
        try
        {
            Console.SetOut(output);
            snippet();
        }
        finally
        {
            Console.SetOut(before);
        }

        return [.. output.ToString().Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
    }

    private static string Words(string line) => Spaces().Replace(Number().Replace(line, " # "), " ");

    private static IEnumerable<string> Numbers(string line) => Number().Matches(line).Select(match => match.Value);

    // Whole numbers outside a table are labels, epochs and shapes. Numbers above 1 have a unit, and differ by a fraction of themselves.
    private static bool Close(string expected, string actual, bool isTable)
    {
        double wanted = double.Parse(expected, CultureInfo.InvariantCulture);
        double tolerance = expected.Contains('.', StringComparison.Ordinal) ? ShareTolerance * Math.Max(1, wanted)
            : isTable ? CountTolerance : 0;
        return Math.Abs(wanted - double.Parse(actual, CultureInfo.InvariantCulture)) <= tolerance;
    }

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
