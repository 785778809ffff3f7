using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitRecognition;

/// <summary>Writes digits as CSV with the header <c>label,1x1…28x28</c>.</summary>
internal static class DigitCsvWriter
{
    private const int RowsPerReport = 500;

    // 47 million numbers are written, but only 256 different ones, so their text is cached.
    private static readonly byte[][] s_pixelTexts =
        [.. Enumerable.Range(0, DigitImage.MaxPixel + 1).Select(value => Encoding.ASCII.GetBytes($",{value}"))];

    /// <summary>Writes every row of <paramref name="digits"/> (<c>Label</c> text, <c>Features</c> 784 whole numbers 0 to 255).</summary>
    public static void Write(IDataView digits, Stream stream, Action<long> report, CancellationToken cancellationToken)
    {
        stream.Write(Encoding.ASCII.GetBytes(Header()));
        byte[] line = new byte[16 + (4 * DigitImage.PixelCount)];
        using DataViewRowCursor cursor = digits.GetRowCursor(digits.Schema);
        ValueGetter<ReadOnlyMemory<char>> getLabel = cursor.GetGetter<ReadOnlyMemory<char>>(digits.Schema["Label"]);
        ValueGetter<VBuffer<float>> getFeatures = cursor.GetGetter<VBuffer<float>>(digits.Schema["Features"]);
        ReadOnlyMemory<char> label = default;
        VBuffer<float> features = default;
        float[] pixels = new float[DigitImage.PixelCount];

        while (cursor.MoveNext())
        {
            getLabel(ref label);
            getFeatures(ref features);
            features.CopyTo(pixels);

            int length = Encoding.ASCII.GetBytes(label.Span, line);
            foreach (float pixel in pixels)
            {
                byte[] text = s_pixelTexts[(int)pixel];
                text.CopyTo(line.AsSpan(length));
                length += text.Length;
            }

            line[length++] = (byte)'\n';
            stream.Write(line, 0, length);
            if (cursor.Position % RowsPerReport == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                report(cursor.Position);
            }
        }
    }

    private static string Header()
    {
        StringBuilder header = new("label");
        for (int row = 1; row <= DigitImage.Side; row++)
        {
            for (int column = 1; column <= DigitImage.Side; column++)
            {
                header.Append(',').Append(row).Append('x').Append(column);
            }
        }

        return header.Append('\n').ToString();
    }
}
