namespace MnistMlNet.Reporting.Html;

/// <summary>Formats the report's numbers.</summary>
internal static class PageNumber
{
    /// <summary>A fraction as a percentage.</summary>
    public static string Percent(double share, int decimals = 1) =>
        double.IsNaN(share) ? "–" : $"{(100 * share).ToString($"F{decimals}")} %";

    /// <summary>A fraction, to four decimals.</summary>
    public static string Fraction(double value) => double.IsNaN(value) ? "–" : $"{value:F4}";

    /// <summary>A number of any unit, to four significant digits.</summary>
    public static string Measure(double value) => double.IsNaN(value) ? "–"
        : Math.Abs(value) is >= 1e-3 and < 1e6 ? value.ToString($"#,##0.{new string('#', Math.Clamp(3 - Magnitude(value), 0, 9))}")
        : $"{value:G4}";

    /// <summary>A coordinate in a drawing.</summary>
    public static string Position(double value) => value.ToString("0.##");

    private static int Magnitude(double value) => (int)Math.Floor(Math.Log10(Math.Abs(value)));
}
