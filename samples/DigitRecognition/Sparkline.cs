namespace DigitRecognition;

/// <summary>A line of characters, one for each value, or for the mean of several: the higher, the larger the value.</summary>
internal static class Sparkline
{
    private const string Blocks = "▁▂▃▄▅▆▇█";
    private const string Ascii = "_.:-=+*#";

    /// <param name="values">The values, all finite.</param>
    /// <param name="width">The maximum number of characters, at least 1.</param>
    /// <param name="isAscii">Whether the output has ASCII characters only.</param>
    public static string Of(IReadOnlyList<double> values, int width, bool isAscii)
    {
        string levels = isAscii ? Ascii : Blocks;
        int count = Math.Min(values.Count, width);
        double[] means = [.. Enumerable.Range(0, count).Select(i =>
        {
            int first = (int)((long)i * values.Count / count), end = (int)((long)(i + 1) * values.Count / count);
            return values.Skip(first).Take(end - first).Average();
        })];
        double min = means.DefaultIfEmpty().Min(), range = means.DefaultIfEmpty().Max() - min;
        return string.Concat(means.Select(mean =>
            levels[range > 0 ? (int)Math.Min((mean - min) / range * levels.Length, levels.Length - 1) : 0]));
    }
}
