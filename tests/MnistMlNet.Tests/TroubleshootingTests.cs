using System.Text.RegularExpressions;
using Microsoft.ML;
using MnistMlNet.Configuration;
using MnistMlNet.Extensibility;
using MnistMlNet.Mpi;

namespace MnistMlNet.Tests;

/// <summary>docs/troubleshooting.md contains every message of the library, and no other.</summary>
public sealed partial class TroubleshootingTests
{
    // Thrown through ML.NET, with ML.NET's words; a test below triggers them.
    private static readonly string[] s_ofMlNet = ["Could not find … column '…'", "Schema mismatch for … column '…': expected …, got …"];

    // They are in methods that throw or warn, but are logged as information, or are inserted into messages that the page has.
    private static readonly string[] s_notMessages =
    [
        "Resumed from '", "' after epoch ", "Training diverged in epoch ", " epochs of batches of ", "the training data",
        "the loss or its gradient", "hiddenWeights to outputBiases", "identity name", "identity value",
        "the list of options", "whether CheckpointPath is given", "the number of features", "the number of classes or outputs",
        "the directory at the end of the archive, which has the names; four arrays need less than 1024",
        "A two-layer network of MnistMlNet. ", " hidden units (", "p = softmax(W2 · f(W1 · x + b1) + b2)",
        "p = 1 / (1 + exp(-(W2 · f(W1 · x + b1) + b2)))", "score = exp(W2 · f(W1 · x + b1) + b2)", "score = W2 · f(W1 · x + b1) + b2",
    ];

    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "troubleshooting.md"));

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Every_message_of_the_library_has_a_line_on_the_page()
    {
        HashSet<string> known = [.. Documented().SelectMany(Pieces), .. s_notMessages];
        string[] missing = [.. OfLibrary().Where(text => text.IsOfMessage).SelectMany(text => Pieces(text.Text))
            .Where(piece => IsSentence(piece) && !known.Contains(piece))
            .Concat(OfOptions().Where(text => !Documented().Any(line => Regex.IsMatch(text, $"^{Pattern(line)}$")))).Distinct()];

        Assert.True(missing.Length == 0, "Add to docs/troubleshooting.md, with cause and remedy:\n" + string.Join("\n", missing));
    }

    [Fact]
    public void Every_message_on_the_page_is_in_the_library()
    {
        HashSet<string> library = [.. OfLibrary().SelectMany(text => Pieces(text.Text)), .. s_ofMlNet.SelectMany(Pieces)];
        string[] options = [.. OfOptions()];
        string[] gone = [.. Documented().Where(line =>
            !Pieces(line).All(library.Contains) && !options.Any(option => Regex.IsMatch(option, $"^{Pattern(line)}$")))];

        Assert.True(gone.Length == 0, "Remove from docs/troubleshooting.md, or correct:\n" + string.Join("\n", gone));
    }

    [Fact]
    public void ML_NET_s_messages_about_columns_are_on_the_page()
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
    [InlineData("… is …; a column name is expected.", "column")]
    [InlineData(
        "No valid … instances found: the data has no rows. Are the path, the loader's header setting and the filters right?", "empty")]
    public void A_message_that_a_user_gets_is_found_on_the_page(string template, string mistake)
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

    private static IEnumerable<(string Text, bool IsOfMessage)> OfLibrary() =>
        MessageTexts.In(typeof(TwoLayerNetworkTrainer).Assembly).Concat(MessageTexts.In(typeof(LoadableTransformerBase).Assembly))
            .Concat(MessageTexts.In(typeof(MpiCollective).Assembly));

    // The parts between inserted values, sentence by sentence: the compiler may store two sentences as one text or as two.
    private static IEnumerable<string> Pieces(string line) => Cut().Split(line).Where(piece => piece.Length > 0);

    // Shorter ones are names, or the text between two values.
    private static bool IsSentence(string text) => text.Length >= 12 && text.Contains(' ', StringComparison.Ordinal);

    /// <summary>The rules for options, for each alone and in combination with others, as <see cref="OptionTable"/> gives them.</summary>
    private static IEnumerable<string> OfOptions() =>
        from option in OptionTable.All
        from text in option.Requirements.Select(requirement => requirement.Wanted(new TwoLayerNetworkTrainer.Options()))
            .Prepend(option.Range)
        where text is not null && IsSentence(text) && !text.StartsWith("one of ", StringComparison.Ordinal)
        select text;

    private static string Pattern(string template) => string.Join(".*", template.Split('…').Select(Regex.Escape));

    [GeneratedRegex(@"…|(?<=\. )")]
    private static partial Regex Cut();

    [GeneratedRegex(@"^\| `(.+?)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
