namespace DigitRecognition.Reporting;

/// <summary>Formats the report's numbers.</summary>
internal static class PageNumber
{
    /// <summary>A fraction as a percentage.</summary>
    public static string Percent(double share, int decimals = 1) =>
        double.IsNaN(share) ? "–" : $"{(100 * share).ToString($"F{decimals}")} %";

    /// <summary>A coordinate in a drawing.</summary>
    public static string Position(double value) => value.ToString("0.##");
}
