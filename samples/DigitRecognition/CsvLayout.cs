using System.Globalization;
using System.Text;
using Microsoft.ML.Data;

namespace DigitRecognition;

/// <summary>The positions of the label and the pixels in a CSV file of digits.</summary>
/// <param name="HasHeader">The first line names the columns.</param>
/// <param name="LabelIndex">0 (first) or 784 (last); <see langword="null"/> for a file of pixels alone.</param>
/// <remarks>
/// Supported are Kaggle's <c>label,pixel0…pixel783</c>, <c>label,1x1…28x28</c>, the layout without a header (label first), OpenML's with
/// the class last, and Kaggle's test file without a label.
/// </remarks>
internal sealed record CsvLayout(bool HasHeader, int? LabelIndex)
{
    private static readonly string[] s_labelNames = ["label", "class", "digit", "target", "y"];

    private static readonly (char Separator, string Name)[] s_otherSeparators =
        [(';', "';'"), ('\t', "tabs"), ('|', "'|'"), (' ', "spaces")];

    public int FieldCount => LabelIndex is null ? DigitImage.PixelCount : DigitImage.PixelCount + 1;

    public int FirstPixel => LabelIndex == 0 ? 1 : 0;

    /// <summary>Detects the layout from the first line of the file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The first line matches no supported layout.</exception>
    public static CsvLayout Detect(string path)
    {
        FileKind.CheckCsv(path);
        using CsvLineReader lines = new(path);
        if (lines.Read() is not { } line)
        {
            throw new InvalidDataException($"'{path}', line 1: the file is empty; rows of digits are expected.");
        }

        string text = Encoding.UTF8.GetString(line.Span);
        CheckSeparator(path, lines.LineNumber, text);
        return Of(path, lines.LineNumber, [.. text.Split(',').Select(field => field.Trim().Trim('"'))]);
    }

    /// <summary>The columns for ML.NET's TextLoader: <c>Label</c> as text, <c>Features</c> as a vector of 784 single.</summary>
    public TextLoader.Options ToLoaderOptions()
    {
        // The label is text because an unknown label is then a missing value; as a number it would become digit 0 without a warning. A file
        // without a label gets a column after its last one, which reads as empty, so that a model that was trained with a label finds its
        // input column.
        int label = LabelIndex ?? DigitImage.PixelCount;
        return new TextLoader.Options
        {
            HasHeader = HasHeader,
            Separators = [','],
            Columns =
            [
                new TextLoader.Column("Label", DataKind.String, label),
                new TextLoader.Column("Features", DataKind.Single, FirstPixel, FirstPixel + DigitImage.PixelCount - 1),
            ],
        };
    }

    // ML.NET's TextLoader, with the separator of the layout, would read such a line as one field.
    private static void CheckSeparator(string path, long lineNumber, string line)
    {
        bool hasComma = line.Contains(',', StringComparison.Ordinal);
        bool hasCommas = IsFieldCount(Fields(','));
        foreach ((char separator, string name) in s_otherSeparators)
        {
            // White space may follow the commas; another character as often as that is the separator, and the commas are in numbers.
            int fields = Fields(separator);
            bool isEnough = IsFieldCount(fields) && !(hasCommas && char.IsWhiteSpace(separator));
            if (isEnough || (fields > 1 && !hasComma && separator != ' '))
            {
                string remedy = hasComma ? "Save it with ',' between the fields and '.' in numbers."
                    : OperatingSystem.IsWindows() ? "Save it with ',' between the fields."
                    : $"Make a file with ',': tr '{(separator == '\t' ? "\\t" : separator)}' ',' < {Invocation.Quote(path)} > "
                        + Invocation.Quote(Path.ChangeExtension(path, null) + "-comma.csv");
                throw new InvalidDataException(
                    $"'{path}', line {lineNumber}: the line is separated by {name}, into {fields} fields; expected ','.\n{remedy}");
            }
        }

        int Fields(char separator) => line.Trim().Count(c => c == separator) + 1;
    }

    private static bool IsFieldCount(int count) => count is DigitImage.PixelCount or DigitImage.PixelCount + 1;

    private static CsvLayout Of(string path, long lineNumber, string[] fields)
    {
        bool labelFirst = IsLabelName(fields[0]);
        bool labelLast = IsLabelName(fields[^1]);
        bool hasHeader = labelFirst || labelLast || fields.Count(field => !IsNumber(field)) > fields.Length / 2;
        int pixels = fields.Length - (labelFirst || labelLast ? 1 : 0);

        return (hasHeader, fields.Length) switch
        {
            (true, DigitImage.PixelCount + 1) when labelFirst => new(true, 0),
            (true, DigitImage.PixelCount + 1) when labelLast => new(true, DigitImage.PixelCount),
            (true, DigitImage.PixelCount + 1) => throw new InvalidDataException(
                $"'{path}', line {lineNumber}: the header starts with '{fields[0]}' and ends with '{fields[^1]}'; the first or the last "
                    + $"column must be named {string.Join(", ", s_labelNames[..^1])} or {s_labelNames[^1]}."),
            (false, DigitImage.PixelCount + 1) => new(false, 0),
            (_, DigitImage.PixelCount) when pixels == DigitImage.PixelCount => new(hasHeader, null),
            _ => throw new InvalidDataException(
                $"'{path}', line {lineNumber}: there are {fields.Length} fields separated by commas; {DigitImage.PixelCount + 1} are "
                    + $"expected (a label and {DigitImage.Side} x {DigitImage.Side} pixels), or {DigitImage.PixelCount} without a label."),
        };
    }

    private static bool IsLabelName(string field) => s_labelNames.Contains(field, StringComparer.OrdinalIgnoreCase);

    private static bool IsNumber(string field) => double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
