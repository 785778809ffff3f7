using System.Globalization;

namespace MnistMlNet.Tool.Tables;

/// <summary>Numbers in CSV files.</summary>
internal static class Numbers
{
    /// <param name="text">The field.</param>
    /// <param name="isComma">Whether the decimal separator may be a comma, as in files with semicolons.</param>
    /// <param name="value">The number.</param>
    public static bool TryParse(string text, bool isComma, out float value)
    {
        string number = isComma && !text.Contains('.', StringComparison.Ordinal) ? text.Replace(',', '.') : text;
        return float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);
    }
}
