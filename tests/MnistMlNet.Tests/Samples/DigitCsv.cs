namespace MnistMlNet.Tests.Samples;

/// <summary>Lines of CSV files of digits, built by hand.</summary>
internal static class DigitCsv
{
    private const int Pixels = 784;

    /// <summary>A row of pixels that are all <paramref name="pixel"/>, with <paramref name="label"/> in front unless it is null.</summary>
    public static string Row(string? label, string pixel = "0") =>
        string.Join(',', Enumerable.Repeat(pixel, Pixels).Prepend(label).OfType<string>());

    public static string RowWithLabelLast(string label, string pixel = "0") => $"{Row(null, pixel)},{label}";

    public static string KaggleHeader => string.Join(',', Enumerable.Range(0, Pixels).Select(i => $"pixel{i}").Prepend("label"));

    public static string GridHeader =>
        string.Join(',', Enumerable.Range(0, Pixels).Select(i => $"{(i / 28) + 1}x{(i % 28) + 1}").Prepend("label"));

    public static string KaggleTestHeader => KaggleHeader["label,".Length..];

    public static string OpenMlHeader => string.Join(',', Enumerable.Range(1, Pixels).Select(i => $"\"pixel{i}\"").Append("\"class\""));

    public static string Lines(params string[] lines) => string.Concat(lines.Select(line => line + "\n"));
}
