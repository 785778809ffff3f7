using System.Globalization;
using System.Text.RegularExpressions;
using MnistMlNet.Extensibility;
using MnistMlNet.Network;
using MnistMlNet.Primitives;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet.Tests.Serialization.Model;

/// <summary>docs/model-format.md and the constants agree.</summary>
public sealed partial class ModelFormatPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "model-format.md"));

    /// <summary>The rows of the table of fields, cell by cell.</summary>
    private static readonly string[][] s_fields = [.. Rows(s_page[..s_page.IndexOf("## Versions", StringComparison.Ordinal)])];

    [Fact]
    public void The_fields_are_in_the_order_of_the_payload()
    {
        // Several fields of one type may share a row. A repeated group has no field of its own, and so no name in backticks.
        IEnumerable<string> fields = s_fields.SelectMany(cells =>
            cells[0].Contains('`', StringComparison.Ordinal) ? Backticked().Matches(cells[0]).Select(match => match.Groups[1].Value)
                : [cells[0].Split(' ')[0]]);

        Assert.Equal(["payloadLength", .. new PayloadBytes().Fields, "sha256"], fields);
    }

    [Fact]
    public void The_magic_and_the_version_are_those_of_the_code()
    {
        Assert.Equal($"`{string.Concat(ModelFormat.Magic.ToArray().Select(Escape))}`", Allowed("magic"));
        Assert.Equal(ModelFormat.FormatVersion, Number(Allowed("formatVersion").Split(' ')[^1]));
        Assert.Equal($"{ModelFormat.Magic.Length} bytes", Row("magic")[1]);

        static string Escape(byte value) => value switch
        {
            (byte)'\r' => @"\r",
            (byte)'\n' => @"\n",
            < 0x20 => $@"\x{value:X2}",
            _ => ((char)value).ToString(),
        };
    }

    [Fact]
    public void Every_format_version_has_a_row_in_the_history()
    {
        string history = s_page[s_page.IndexOf("## Versions", StringComparison.Ordinal)..];
        IEnumerable<int> versions = Rows(history[..history.IndexOf("\n## ", StringComparison.Ordinal)]).Select(cells => Number(cells[0]));

        Assert.Equal(Enumerable.Range(1, ModelFormat.FormatVersion), versions);
    }

    [Fact]
    public void The_limits_are_those_of_the_code()
    {
        Assert.Equal($"1 to {Grouped(NetworkShape.MaxCount)}", Allowed("inputCount"));
        Assert.Equal($"1 to {Grouped(NetworkShape.MaxCount)}", Allowed("hiddenUnits"));
        Assert.StartsWith($"1 to {Grouped(NetworkShape.MaxCount)};", Allowed("outputCount"), StringComparison.Ordinal);
        Assert.Contains("at most 2³⁰", Allowed("outputCount"), StringComparison.Ordinal);
        Assert.Equal(1L << 30, NetworkShape.MaxParameterCount);
        Assert.Equal($"0 to {Grouped(ModelFormat.MaxEpochs)}", Allowed("epochCount"));
        Assert.Equal($"0 to {Grouped(ModelFormat.MaxOptions)}", Allowed("optionCount"));
        Assert.StartsWith(
            $"0 to {Grouped(RegularizationSearchResult.MaxCandidates)};", Allowed("candidateCount"), StringComparison.Ordinal);
        Assert.Contains($"(int32, 0 to {Grouped(SavedText.MaxBytes)})", s_page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_numbers_of_activations_and_label_kinds_are_those_of_the_code()
    {
        Assert.Equal(Numbered<Activation>(), Listed(Allowed("activation")));
        Assert.Equal(Numbered<LabelSerializer.Kind>(), Listed(Allowed("labelKind")));
    }

    [Fact]
    public void The_header_is_that_of_the_extensibility_layer()
    {
        Assert.Contains(
            $"`{TransformerLoader.ModelSignature}` and names the assembly `{typeof(TransformerLoader).Assembly.GetName().Name}`", s_page,
            StringComparison.Ordinal);
    }

    /// <summary>The cells of the rows of a table, without its header.</summary>
    private static IEnumerable<string[]> Rows(string text) => text.Split('\n').Where(line => line.StartsWith('|')).Skip(2)
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static string[] Row(string field) => s_fields.Single(cells => cells[0].Split(' ')[0] == $"`{field}`");

    private static string Allowed(string field) => Row(field)[2];

    private static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);

    private static string Grouped(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Numbered<T>()
        where T : struct, Enum =>
            Enum.GetValues<T>().Select(value => $"{Convert.ToInt32(value, CultureInfo.InvariantCulture)} {value}".ToUpperInvariant());

    /// <summary>Numbers and names as the page lists them; the page writes names as words: "4 leaky ReLU".</summary>
    private static IEnumerable<string> Listed(string cell) => NumberAndName().Matches(cell)
        .Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value.Replace(" ", "", StringComparison.Ordinal)}".ToUpperInvariant());

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Backticked();

    [GeneratedRegex(@"(?:^|, | on )(\d+) ([A-Za-z0-9 ]+)(?=,|$)")]
    private static partial Regex NumberAndName();
}
