using System.Globalization;
using System.Numerics;
using System.Text;

namespace DigitRecognition;

/// <summary>Reads a complete CSV file of digits and refuses rows that ML.NET's TextLoader would misread without an error.</summary>
/// <remarks>
/// The TextLoader fills a short row with zeros, reads a malformed pixel as NaN and drops the extra fields of a long row. Each of these
/// would train a worse model without a warning, so the file is checked first; MNIST's 110 MB take a fraction of a second.
/// </remarks>
internal static class CsvCheck
{
    private const int DigitCount = 10;
    private const int LongestShown = 20;

    /// <summary>Checks every row; with <paramref name="needsLabels"/> also that each row has a label, 0 to 9.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="InvalidDataException">The message names the file, the line, the value found and the value expected.</exception>
    public static long Rows(string path, CsvLayout layout, bool needsLabels, CancellationToken cancellationToken) =>
        Check(path, layout, needsLabels, minClasses: 0, cancellationToken);

    /// <summary>Like <see cref="Rows"/>, for a training file: there must be at least two different labels.</summary>
    public static long TrainingRows(string path, CsvLayout layout, CancellationToken cancellationToken) =>
        Check(path, layout, needsLabels: true, minClasses: 2, cancellationToken);

    private static long Check(string path, CsvLayout layout, bool needsLabels, int minClasses, CancellationToken cancellationToken)
    {
        if (needsLabels && layout.LabelIndex is null)
        {
            throw new InvalidDataException($"'{path}', line 1: there are {layout.FieldCount} fields and so no label; training and testing "
                + $"need {layout.FieldCount + 1}, with the label first or last.");
        }

        using CsvLineReader lines = new(path);
        long rows = 0;
        uint labelsSeen = 0;
        if (layout.HasHeader)
        {
            lines.Read();
        }

        while (lines.Read() is { } line)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string? problem = FindProblem(line.Span, layout, needsLabels, ref labelsSeen);
            if (problem is not null)
            {
                throw new InvalidDataException($"'{path}', line {lines.LineNumber}: {problem}.");
            }

            rows++;
        }

        if (rows == 0)
        {
            throw new InvalidDataException($"'{path}', line {lines.LineNumber + 1}: the file ends with no row of digits; at least one is "
                + $"expected.");
        }

        if (BitOperations.PopCount(labelsSeen) < minClasses)
        {
            throw new InvalidDataException($"'{path}', line {lines.LineNumber}: up to this last line, every label is "
                + $"{BitOperations.Log2(labelsSeen)}; training needs at least two different ones.");
        }

        return rows;
    }

    private static string? FindProblem(ReadOnlySpan<byte> line, CsvLayout layout, bool needsLabels, ref uint labelsSeen)
    {
        int fieldCount = line.Count((byte)',') + 1;
        if (fieldCount != layout.FieldCount)
        {
            return $"there are {fieldCount} fields; {layout.FieldCount} are expected, as in the first line";
        }

        int start = 0;
        for (int i = 0; i < fieldCount; i++)
        {
            int length = i == fieldCount - 1 ? line.Length - start : line[start..].IndexOf((byte)',');
            ReadOnlySpan<byte> field = line.Slice(start, length);
            start += length + 1;

            if (i != layout.LabelIndex)
            {
                if (!IsPixel(field))
                {
                    return $"field {i + 1} is {Shown(field)}; a pixel must be a number from 0 to {DigitImage.MaxPixel}";
                }
            }
            else if (needsLabels)
            {
                if (field.Length != 1 || !char.IsAsciiDigit((char)field[0]))
                {
                    return $"the label (field {i + 1}) is {Shown(field)}; it must be one of 0 to {DigitCount - 1}";
                }

                labelsSeen |= 1u << (field[0] - '0');
            }
        }

        return null;
    }

    private static bool IsPixel(ReadOnlySpan<byte> field)
    {
        // Nearly every field has one to three digits; the general parser takes ten times as long.
        if (field.Length is 1 or 2 or 3 && !field.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return field.Length < 3 || (100 * field[0]) + (10 * field[1]) + field[2] - (111 * '0') <= DigitImage.MaxPixel;
        }

        const NumberStyles Style = NumberStyles.Float;
        return double.TryParse(field, Style, CultureInfo.InvariantCulture, out double value) && value is >= 0 and <= DigitImage.MaxPixel;
    }

    private static string Shown(ReadOnlySpan<byte> field) => field.Length switch
    {
        0 => "empty",
        > LongestShown => $"'{Encoding.UTF8.GetString(field[..LongestShown])}…'",
        _ => $"'{Encoding.UTF8.GetString(field)}'",
    };
}
