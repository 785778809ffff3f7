namespace DigitRecognition.Reporting;

/// <summary>Numbers as the report writes them.</summary>
internal static class PageNumber
{
    /// <summary>A share as per cent.</summary>
    public static string Percent(double share, int decimals = 1) =>
        double.IsNaN(share) ? "–" : $"{(100 * share).ToString($"F{decimals}")} %";

    /// <summary>A coordinate in a drawing.</summary>
    public static string Position(double value) => value.ToString("0.##");
}
