using System.Globalization;
using System.Numerics;
using System.Text;

namespace DigitRecognition;

/// <summary>Checks the lines of a CSV file of digits and refuses rows that ML.NET's TextLoader would misread without an error.</summary>
/// <remarks>
/// The TextLoader fills a short row with zeros, reads a malformed pixel as NaN and drops the extra fields of a long row. Each of these
/// would train a worse model without a warning.
/// </remarks>
internal sealed class CsvCheck
{
    private const int LongestShown = 20;

    private readonly string _path;
    private readonly CsvLayout _layout;
    private readonly bool _needsLabels;
    private readonly int _minClasses;
    private readonly CancellationToken _cancellationToken;
    private bool _isHeaderNext;
    private uint _labelsSeen;

    /// <param name="path">The file's path, for messages.</param>
    /// <param name="needsLabels">Whether each row must have a label, 0 to 9.</param>
    /// <param name="minClasses">The number of different labels that there must be.</param>
    /// <exception cref="InvalidDataException">Labels are needed, and the layout has none.</exception>
    public CsvCheck(string path, CsvLayout layout, bool needsLabels, int minClasses, CancellationToken cancellationToken)
    {
        if (needsLabels && layout.LabelIndex is null)
        {
            throw new InvalidDataException($"'{path}', line 1: there are {layout.FieldCount} fields and so no label; training and testing "
                + $"need {layout.FieldCount + 1}, with the label first or last.");
        }

        _path = path;
        _layout = layout;
        _needsLabels = needsLabels;
        _minClasses = minClasses;
        _cancellationToken = cancellationToken;
        _isHeaderNext = layout.HasHeader;
    }

    /// <summary>Gets the number of rows so far.</summary>
    public long RowCount { get; private set; }

    /// <summary>Reads and checks a whole file; with <paramref name="needsLabels"/> each row must have a label, 0 to 9.</summary>
    /// <returns>The number of rows.</returns>
    /// <exception cref="InvalidDataException">The message names the file, the line, the value found and the value expected.</exception>
    public static long Rows(string path, CsvLayout layout, bool needsLabels, CancellationToken cancellationToken)
    {
        CsvCheck check = new(path, layout, needsLabels, minClasses: 0, cancellationToken);
        using CsvLineReader lines = new(path);
        while (lines.Read() is { } line)
        {
            check.Add(line.Span, lines.LineNumber);
        }

        check.End(lines.LineNumber);
        return check.RowCount;
    }

    /// <summary>Checks the next line that isn't empty.</summary>
    /// <param name="line">Without its line break.</param>
    /// <param name="lineNumber">Its number in the file, from 1.</param>
    /// <exception cref="InvalidDataException">The message names the file, the line, the value found and the value expected.</exception>
    public void Add(ReadOnlySpan<byte> line, long lineNumber)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (_isHeaderNext)
        {
            _isHeaderNext = false;
            return;
        }

        string? problem = FindProblem(line, _layout, _needsLabels, ref _labelsSeen);
        if (problem is not null)
        {
            throw new InvalidDataException($"'{_path}', line {lineNumber}: {problem}.");
        }

        RowCount++;
    }

    /// <summary>Checks that there were rows, and enough different labels.</summary>
    /// <param name="lineNumber">The number of the last line.</param>
    /// <exception cref="InvalidDataException">The message names the file, the line, the value found and the value expected.</exception>
    public void End(long lineNumber)
    {
        if (RowCount == 0)
        {
            throw new InvalidDataException($"'{_path}', line {lineNumber + 1}: the file ends with no row of digits; at least one is "
                + $"expected.");
        }

        if (BitOperations.PopCount(_labelsSeen) < _minClasses)
        {
            throw new InvalidDataException($"'{_path}', line {lineNumber}: up to this last line, every label is "
                + $"{BitOperations.Log2(_labelsSeen)}; training needs at least two different ones.");
        }
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
                    return $"the label (field {i + 1}) is {Shown(field)}; it must be one of 0 to {DigitImage.DigitCount - 1}";
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
