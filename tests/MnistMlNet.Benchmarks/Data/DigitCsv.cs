using System.Globalization;
using System.Text;
using MnistMlNet.Mnist;

namespace MnistMlNet.Benchmarks.Data;

/// <summary>Digits as CSV: a header, then label and pixels 0 to 255, as in Kaggle's files.</summary>
internal static class DigitCsv
{
    public static void Write(IdxPair digits, string path)
    {
        DigitSet set = IdxReader.Read(digits.Images, digits.Labels);
        using var writer = new StreamWriter(path, append: false, Encoding.ASCII, 1 << 20);
        var line = new StringBuilder("label");
        for (int i = 0; i < set.PixelCount; i++)
        {
            line.Append(CultureInfo.InvariantCulture, $",pixel{i}");
        }

        writer.Write(line.Append('\n'));
        for (int row = 0; row < set.Count; row++)
        {
            line.Clear().Append(set.Label(row));
            foreach (byte pixel in set.Pixels(row))
            {
                line.Append(',').Append(pixel);
            }

            writer.Write(line.Append('\n'));
        }
    }
}
