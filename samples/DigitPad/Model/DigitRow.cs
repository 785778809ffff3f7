using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Mnist;

namespace DigitPad.Model;

/// <summary>A digit of MNIST.</summary>
/// <param name="Label">The digit, 0 to 9.</param>
/// <param name="Pixels"><c>[784]</c>, 0 to 255; valid until the next row is read.</param>
internal readonly record struct DigitRow(int Label, float[] Pixels)
{
    /// <summary>Copies the row, so that it stays valid.</summary>
    public DigitImage Copy() => new(Label, [.. Pixels.Select(pixel => (byte)pixel)]);

    /// <summary>Reads rows with the columns of <c>LoadFromIdx</c>, in their order.</summary>
    /// <exception cref="InvalidDataException">There are no digits, or they have another size.</exception>
    public static IEnumerable<DigitRow> Read(IDataView digits)
    {
        int pixelCount = ((VectorDataViewType)digits.Schema["Features"].Type).Size;
        if (digits.GetRowCount() == 0 || pixelCount != MnistImage.PixelCount)
        {
            throw new InvalidDataException($"the file has {digits.GetRowCount()} images of {pixelCount} pixels; at least one of "
                + $"{MnistImage.PixelCount} is expected.");
        }

        using DataViewRowCursor cursor = digits.GetRowCursor(digits.Schema);
        ValueGetter<ReadOnlyMemory<char>> getLabel = cursor.GetGetter<ReadOnlyMemory<char>>(digits.Schema["Label"]);
        ValueGetter<VBuffer<float>> getPixels = cursor.GetGetter<VBuffer<float>>(digits.Schema["Features"]);
        ReadOnlyMemory<char> label = default;
        VBuffer<float> features = default;
        float[] pixels = new float[MnistImage.PixelCount];
        while (cursor.MoveNext())
        {
            getLabel(ref label);
            getPixels(ref features);
            features.CopyTo(pixels);
            yield return new DigitRow(label.Span[0] - '0', pixels);
        }
    }
}
