using System.Text.RegularExpressions;
using Microsoft.ML;
using MnistMlNet.Configuration;

namespace MnistMlNet.Tests;

/// <summary>docs/troubleshooting.md knows every message of the library, and no other.</summary>
public sealed partial class TroubleshootingTests
{
    // Thrown through ML.NET, whose words they are; a test below meets them.
    private static readonly string[] s_ofMlNet = ["Could not find … column '…'", "Schema mismatch for … column '…': expected …, got …"];

    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "troubleshooting.md"));

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Every_message_in_the_source_has_a_line_on_the_page()
    {
        HashSet<string> documented = [.. Documented()];
        string[] missing = [.. InSource().Where(text => !documented.Contains(text))
            .Concat(OfOptions().Where(text => !documented.Any(line => Regex.IsMatch(text, $"^{Pattern(line)}$")))).Distinct()];

        Assert.True(missing.Length == 0, "Add to docs/troubleshooting.md, with cause and remedy:\n" + string.Join("\n", missing));
    }

    [Fact]
    public void Every_message_on_the_page_stands_in_the_source()
    {
        HashSet<string> source = [.. InSource(), .. s_ofMlNet];
        string[] options = [.. OfOptions()];
        string[] gone = [
            .. Documented().Where(text => !source.Contains(text) && !options.Any(option => Regex.IsMatch(option, $"^{Pattern(text)}$")))];

        Assert.True(gone.Length == 0, "Remove from docs/troubleshooting.md, or correct:\n" + string.Join("\n", gone));
    }

    [Fact]
    public void The_reader_of_the_source_sees_joined_texts_and_takes_holes_for_holes() => Assert.Equal(
        ["Row … has … features; it must be … or …, and not \"…\"."],
        MessageTemplates.Of("""
            // throw new X("This is a comment, not a message.");
            string other = "This text is said nowhere.";
                throw new ArgumentException($"Row {row} has {string.Join(", ", Names("{x}"))} features; it must be "
                    + $"{a} or {(b ? "one" : $"tw{o}")}, and not \"{c}\".", nameof(row));
            """));

    [Fact]
    public void What_ML_NET_says_of_columns_is_as_the_page_has_it()
    {
        IDataView rows = Examples.Keyed(_mlContext, Examples.Rows(20));
        var trainers = _mlContext.MulticlassClassification.Trainers;

        Assert.Matches(Pattern(s_ofMlNet[0]),
            Assert.ThrowsAny<Exception>(() => trainers.TwoLayerNetwork(featureColumnName: "Missing").Fit(rows)).Message);
        Assert.Matches(Pattern(s_ofMlNet[1]),
            Assert.ThrowsAny<Exception>(() => trainers.TwoLayerNetwork(labelColumnName: "Features").Fit(rows)).Message);
    }

    [Theory]
    [InlineData("… is …; it must be ….", "hiddenUnits")]
    [InlineData("… is …; a column name is wanted.", "column")]
    [InlineData("No valid … instances found: the data has no rows.", "empty")]
    public void A_message_met_by_a_user_is_found_on_the_page(string template, string mistake)
    {
        var trainers = _mlContext.MulticlassClassification.Trainers;
        string message = Assert.ThrowsAny<Exception>(() => mistake switch
        {
            "hiddenUnits" => trainers.TwoLayerNetwork(hiddenUnits: 0).ToString(),
            "column" => trainers.TwoLayerNetwork(labelColumnName: "").ToString(),
            _ => trainers.TwoLayerNetwork().Fit(_mlContext.Data.SkipRows(Examples.Keyed(_mlContext, Examples.Rows(20)), 20)).ToString(),
        }).Message;

        Assert.Matches(Pattern(template), message);
        Assert.Contains(template, Documented());
    }

    // The first cell of a table's row, where it is code.
    private static IEnumerable<string> Documented() => Row().Matches(s_page).Select(match => match.Groups[1].Value);

    private static IEnumerable<string> InSource() =>
        from folder in new[] { "MnistMlNet", "MnistMlNet.Extensibility" }
        from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", folder), "*.cs", SearchOption.AllDirectories)
        let parts = path.Split(Path.DirectorySeparatorChar)
        where !parts.Contains("obj") && !parts.Contains("bin") && !parts.Contains("Reference")
        from text in MessageTemplates.Of(File.ReadAllText(path))
        select text;

    /// <summary>What options must be, by themselves and beside others, as <see cref="OptionTable"/> says it.</summary>
    private static IEnumerable<string> OfOptions() =>
        from option in OptionTable.All
        from text in option.Requirements.Select(requirement => requirement.Wanted(new TwoLayerNetworkTrainer.Options()))
            .Prepend(option.Range)
        where text is { Length: >= 12 } && text.Contains(' ', StringComparison.Ordinal)
            && !text.StartsWith("one of ", StringComparison.Ordinal)
        select text;

    private static string Pattern(string template) => string.Join(".*", template.Split('…').Select(Regex.Escape));

    [GeneratedRegex(@"^\| `(.+?)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
