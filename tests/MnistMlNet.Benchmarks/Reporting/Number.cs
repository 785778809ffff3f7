using System.Globalization;

namespace MnistMlNet.Benchmarks.Reporting;

/// <summary>Numbers as the tables show them: three significant digits, and a readable unit.</summary>
internal static class Number
{
    public static string Seconds(double seconds) => seconds switch
    {
        < 1e-6 => $"{Short(seconds * 1e9)} ns",
        < 1e-3 => $"{Short(seconds * 1e6)} µs",
        < 1 => $"{Short(seconds * 1e3)} ms",
        _ => $"{Short(seconds)} s",
    };

    public static string Ratio(double ratio) => $"{Short(ratio)} ×";

    public static string Percent(double share) =>
        share.ToString("P0", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);

    public static string Megabytes(double bytes) => $"{(bytes / 1e6).ToString("N0", CultureInfo.InvariantCulture)} MB";

    public static string Count(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Giga(double perSecond) => Short(perSecond / 1e9);

    public static string Short(double value)
    {
        string format = Math.Abs(value) switch
        {
            >= 100 => "F0",
            >= 10 => "F1",
            _ => "F2",
        };
        return value.ToString(format, CultureInfo.InvariantCulture);
    }
}
