using MnistMlNet.Mnist;

namespace MnistMlNet.Tests.Mnist;

public sealed class MnistImageTests
{
    // A box of n pixels has its centre at (n - 1) / 2; the shift is 14 - (n - 1) / 2, with ½ rounded down: 4 for 20 pixels, 9 for 10, 14
    // for 1.
    [Theory]
    [InlineData(40, 20, 4, 9, 20, 10)]
    [InlineData(20, 40, 9, 4, 10, 20)]
    [InlineData(20, 20, 4, 4, 20, 20)]
    [InlineData(5, 5, 4, 4, 20, 20)] // enlarged by 4
    [InlineData(1, 1, 4, 4, 20, 20)] // one pixel becomes the whole box
    [InlineData(200, 10, 4, 14, 20, 1)]
    [InlineData(400, 1, 4, 14, 20, 1)] // a twentieth of a pixel high: widened to one
    [InlineData(1, 400, 14, 4, 1, 20)]
    public void Normalize_SolidRectangle_Is20LongWithItsAspectAndInTheMiddle(int width, int height, int left, int top, int newWidth,
        int newHeight)
    {
        float[] digit = Normalized(Solid(width, height), width, height);

        for (int i = 0; i < 784; i++)
        {
            (int y, int x) = Math.DivRem(i, 28);
            bool isInk = x >= left && x < left + newWidth && y >= top && y < top + newHeight;
            Assert.Equal(isInk ? 255 : 0, digit[i], 1e-3f);
        }
    }

    [Fact]
    public void Normalize_TwiceTooLarge_IsTheMeanOfFourPixels()
    {
        byte[] pixels = new byte[1600];
        for (int i = 0; i < 1600; i++)
        {
            pixels[i] = (byte)(1 + (i * 37 % 250));
        }

        float[] digit = Normalized(pixels, 40, 40);

        (int left, int top) = Corner(digit);
        for (int y = 0; y < 20; y++)
        {
            for (int x = 0; x < 20; x++)
            {
                int p = (y * 80) + (x * 2);
                Assert.Equal((pixels[p] + pixels[p + 1] + pixels[p + 40] + pixels[p + 41]) / 4f, digit[((y + top) * 28) + x + left], 1e-4f);
            }
        }
    }

    [Fact]
    public void Normalize_OneAndAHalfTimesTooLarge_MixesPixelsByTheAreaUnderEach()
    {
        // Columns of 30, 90, 150 repeated; each covers two thirds of a pixel: (30·2 + 90·1) / 3 = 50, then (90·1 + 150·2) / 3 = 130.
        byte[] pixels = new byte[900];
        for (int i = 0; i < 900; i++)
        {
            pixels[i] = (byte)(30 + (60 * (i % 3)));
        }

        float[] digit = Normalized(pixels, 30, 30);

        // The heavier right pixel of each pair moves the centre from 9.5 to 9.5 + 0.5 · 80 / 180 = 9.72: shift 4. Vertically it is 9.5:
        // shift 4 as well.
        for (int i = 0; i < 20 * 20; i++)
        {
            (int y, int x) = Math.DivRem(i, 20);
            Assert.Equal(x % 2 == 0 ? 50 : 130, digit[((y + 4) * 28) + x + 4], 1e-4f);
        }
    }

    [Fact]
    public void Normalize_ShorterSideOfFourAndTwoThirds_LiesInTheMiddleOfFivePixels()
    {
        float[] digit = Normalized(Solid(30, 7), 30, 7);

        // 20 · 7 / 30 = 4.667 of 5 pixels: the first and the last row are covered by 1 - 0.333 / 2 = 0.8333. Shift 14 - 2 = 12.
        float[] column = [.. Enumerable.Range(0, 28).Select(y => digit[(y * 28) + 14])];
        float[] expected = [.. new float[12], 212.5f, 255, 255, 255, 212.5f, .. new float[11]];
        for (int y = 0; y < 28; y++)
        {
            Assert.Equal(expected[y], column[y], 1e-3f);
        }

        Assert.Equal(255 * 20 * 20 * 7 / 30d, digit.Sum(), 0.01);
    }

    [Fact]
    public void Normalize_EveryTestDigitOfMnist_IsGivenBackUnchanged()
    {
        DigitSet digits = IdxReader.Read(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
            Repository.MnistFile("t10k-labels-idx1-ubyte.gz"));
        float[] digit = new float[784], expected = new float[784];
        int unchanged = 0;
        for (int i = 0; i < digits.Count; i++)
        {
            ReadOnlySpan<byte> pixels = digits.Pixels(i);
            Assert.True(MnistImage.Normalize(pixels, 28, 28, ImagePolarity.LightOnDark, 0, digit));
            for (int p = 0; p < 784; p++)
            {
                expected[p] = pixels[p];
            }

            unchanged += digit.AsSpan().SequenceEqual(expected) ? 1 : 0;
        }

        // Three were cut by their authors: their longer side is 19, and so they are enlarged.
        Assert.Equal(9997, unchanged);
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(1, 60, 3)]
    [InlineData(3, 17, 40)]
    [InlineData(10, 1, 2)]
    public void Normalize_MnistDigitLargerAndElsewhereOnPaper_IsGivenBack(int scale, int left, int top)
    {
        DigitSet digits = IdxReader.Read(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
            Repository.MnistFile("t10k-labels-idx1-ubyte.gz"));
        int width = (28 * scale) + left + 5, height = (28 * scale) + top;
        byte[] paper = new byte[width * height];
        float[] digit = new float[784];
        for (int n = 0; n < 50; n++)
        {
            Array.Fill(paper, (byte)255);
            for (int i = 0; i < 784 * scale * scale; i++)
            {
                (int y, int x) = Math.DivRem(i, 28 * scale);
                paper[((y + top) * width) + x + left] = (byte)(255 - digits.Pixels(n)[(y / scale * 28) + (x / scale)]);
            }

            Assert.True(MnistImage.Normalize(paper, width, height, ImagePolarity.DarkOnLight, 0, digit));

            for (int p = 0; p < 784; p++)
            {
                Assert.Equal(digits.Pixels(n)[p], digit[p], 1e-3f);
            }
        }
    }

    [Fact]
    public void Normalize_AnyBlots_CentreOfMassIsWithinHalfAPixelOf14AndTheSumIsScaled()
    {
        var random = new Random(5);
        int whole = 0;
        for (int n = 0; n < 200; n++)
        {
            int width = random.Next(8, 90), height = random.Next(8, 90);
            byte[] pixels = new byte[width * height];
            for (int blot = 0; blot < 12; blot++)
            {
                pixels[random.Next(pixels.Length)] = (byte)random.Next(1, 256);
            }

            float[] digit = Normalized(pixels, width, height);

            double mass = digit.Sum(v => (double)v);
            int[] inked = [.. pixels.Index().Where(p => p.Item > 0).Select(p => p.Index)];
            int[] xs = [.. inked.Select(p => p % width)], ys = [.. inked.Select(p => p / width)];
            double w = xs.Max() - xs.Min() + 1, h = ys.Max() - ys.Min() + 1, s = 20 / Math.Max(w, h);
            double expected = pixels.Sum(v => (double)v) * Math.Max(1, w * s) / w * Math.Max(1, h * s) / h;
            if (mass < expected * (1 - 1e-5))
            {
                continue; // part of it was cut off at an edge, and then neither can hold
            }

            whole++;
            Assert.Equal(expected, mass, expected * 1e-5);
            Assert.InRange(digit.Index().Sum(p => p.Item * (p.Index % 28)) / mass, 13.499, 14.501);
            Assert.InRange(digit.Index().Sum(p => p.Item * (p.Index / 28)) / mass, 13.499, 14.501);
        }

        Assert.InRange(whole, 100, 200);
    }

    [Fact]
    public void Normalize_MassFarFromTheMiddleOfItsBox_IsCentredAndTheRestCut()
    {
        // A full square of 4 at the left end of a faint line of 20: the centre is near 1.5, so the line extends past the right edge.
        byte[] pixels = new byte[80];
        Array.Fill<byte>(pixels, 1, 20, 20);
        for (int y = 0; y < 4; y++)
        {
            Array.Fill<byte>(pixels, 255, y * 20, 4);
        }

        float[] digit = Normalized(pixels, 20, 4);

        Assert.Equal([0, 255, 255, 255, 255, 1], digit[((14 * 28) + 11)..((14 * 28) + 17)]);
        Assert.Equal(1, digit[(14 * 28) + 27]);
        Assert.Equal((16 * 255) + 12, digit.Sum());
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 9)]
    [InlineData(9, 0)]
    [InlineData(9, 9)]
    public void Normalize_NoInk_IsFalseAndAllZero(int width, int height)
    {
        float[] digit = new float[784];
        foreach (
            (ImagePolarity tone, byte ground) in new[] { (ImagePolarity.LightOnDark, (byte)0), (ImagePolarity.DarkOnLight, (byte)255) })
        {
            Array.Fill(digit, 7);

            Assert.False(MnistImage.Normalize([.. Enumerable.Repeat(ground, width * height)], width, height, tone, 0, digit));

            Assert.All(digit, v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void Normalize_Noise_CountsAsGround()
    {
        byte[] pixels = new byte[30 * 30];
        Array.Fill<byte>(pixels, 12); // grey paper
        byte[] clean = new byte[30 * 30];
        pixels[(10 * 30) + 3] = clean[(10 * 30) + 3] = 200;
        pixels[(14 * 30) + 9] = clean[(14 * 30) + 9] = 13;
        float[] digit = new float[784];

        Assert.True(MnistImage.Normalize(pixels, 30, 30, ImagePolarity.LightOnDark, 12, digit));

        Assert.Equal(Normalized(clean, 30, 30), digit);
    }

    [Fact]
    public void Normalize_Floats_IsTheSameAsBytes()
    {
        byte[] pixels = [.. Enumerable.Range(0, 35 * 21).Select(i => (byte)(i * 91 % 256))];
        float[] digit = new float[784];

        Assert.True(MnistImage.Normalize([.. pixels.Select(p => (float)p)], 35, 21, ImagePolarity.LightOnDark, 0, digit));

        Assert.Equal(Normalized(pixels, 35, 21), digit);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(-0.001f)]
    [InlineData(255.01f)]
    public void Normalize_FloatThatIsNoGrey_IsRefusedByItsIndexAndNothingIsWritten(float value)
    {
        float[] digit = [.. Enumerable.Repeat(7f, 784)];

        ArgumentException e = Assert.Throws<ArgumentException>("pixels", () =>
            MnistImage.Normalize([0, 9, value, 9], 2, 2, ImagePolarity.LightOnDark, 0, digit));

        Assert.StartsWith(FormattableString.Invariant($"pixels[2] is {value}; a number from 0 to 255 is expected."), e.Message,
            StringComparison.Ordinal);
        Assert.All(digit, v => Assert.Equal(7, v));
    }

    [Theory]
    [InlineData(3, 2, 2, 784, 0, "pixels")]
    [InlineData(4, -2, -2, 784, 0, "width")]
    [InlineData(4, 2, -2, 784, 0, "height")]
    [InlineData(4, 2, 2, 783, 0, "digit")]
    [InlineData(4, 2, 2, 784, 255, "noise")]
    [InlineData(4, 2, 2, 784, -1, "noise")]
    [InlineData(4, 2, 2, 784, float.NaN, "noise")]
    public void Normalize_BadArgument_IsRefusedByItsName(int pixels, int width, int height, int digit, float noise, string name)
    {
        Assert.ThrowsAny<ArgumentException>(() =>
            MnistImage.Normalize(new byte[pixels], width, height, ImagePolarity.LightOnDark, noise, new float[digit]));
        Assert.Equal(name, Assert.ThrowsAny<ArgumentException>(() =>
            MnistImage.Normalize(new float[pixels], width, height, ImagePolarity.LightOnDark, noise, new float[digit])).ParamName);
    }

    [Fact]
    public void Normalize_ToneThatDoesNotExist_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>("ink", () =>
            MnistImage.Normalize(new byte[1], 1, 1, (ImagePolarity)2, 0, new float[784]));

    private static byte[] Solid(int width, int height) => [.. Enumerable.Repeat((byte)255, width * height)];

    private static float[] Normalized(byte[] pixels, int width, int height)
    {
        float[] digit = new float[784];
        Assert.True(MnistImage.Normalize(pixels, width, height, ImagePolarity.LightOnDark, 0, digit));
        return digit;
    }

    private static (int Left, int Top) Corner(float[] digit) =>
        (digit.Index().Where(p => p.Item > 0).Min(p => p.Index % 28), digit.Index().Where(p => p.Item > 0).Min(p => p.Index / 28));
}
