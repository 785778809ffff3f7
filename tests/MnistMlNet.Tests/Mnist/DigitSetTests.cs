using MnistMlNet.Mnist;

namespace MnistMlNet.Tests.Mnist;

public class DigitSetTests
{
    [Theory]
    [InlineData(1, 1, 3000)]
    [InlineData(15, 17, 5000)]      // 255 pixels, the maximum that isn't packed, in more than one chunk
    [InlineData(16, 16, 5000)]      // the minimum that is packed, in more than one chunk
    [InlineData(17, 19, 100)]       // not a multiple of 64
    [InlineData(28, 28, 3000)]
    [InlineData(256, 256, 40)]
    public void Images_of_any_size_and_ink_come_back_as_they_were(int rows, int columns, int count)
    {
        var random = new Random(rows);
        byte[][] images = [.. Enumerable.Range(0, count).Select(_ => Image(random, rows * columns, random.Next(5) / 4.0))];
        var set = new DigitSet(new byte[count], rows, columns);
        foreach (byte[] image in images)
        {
            set.Add(image);
        }

        // Not in their order: each must be found by its index.
        for (int i = count - 1; i >= 0; i--)
        {
            int[] inked = [.. Enumerable.Range(0, images[i].Length).Where(p => images[i][p] != 0)], places = new int[inked.Length];
            float[] values = new float[inked.Length], pixels = new float[images[i].Length];
            Array.Fill(pixels, float.NaN);                             // values that another image left there
            set.ReadNonZeros(i, places, values);
            set.ReadPixels(i, pixels);

            Assert.Equal(inked.Length, set.NonZeroCount(i));
            Assert.Equal(inked, places);
            Assert.Equal(inked.Select(p => (float)images[i][p]), values);
            Assert.Equal(images[i].Select(p => (float)p), pixels);
            Assert.Equal(images[i], set.Pixels(i));
        }
    }

    [Fact]
    public void An_image_of_another_size_is_refused()
    {
        var set = new DigitSet(new byte[1], 28, 28);

        ArgumentException e = Assert.Throws<ArgumentException>(() => set.Add(new byte[783]));

        Assert.Contains("There are 783 pixels; an image of 28 x 28 needs 784.", e.Message, StringComparison.Ordinal);
    }

    private static byte[] Image(Random random, int pixels, double ink)
    {
        byte[] image = new byte[pixels];
        for (int i = 0; i < pixels; i++)
        {
            image[i] = (byte)(random.NextDouble() < ink ? random.Next(1, 256) : 0);
        }

        return image;
    }
}
