namespace MnistMlNet.Mnist;

/// <summary>The smallest rectangle around all ink of an image, and how it is scaled to 20 pixels.</summary>
internal readonly record struct ForegroundBox(int Left, int Top, int Width, int Height)
{
    public bool IsEmpty => Width == 0;

    /// <param name="ink">Row-major <c>[height, width]</c>; 0 is ground.</param>
    public static ForegroundBox BoundsOf(ReadOnlySpan<float> ink, int width, int height)
    {
        int left = width, right = -1, top = -1, bottom = -1;
        for (int y = 0; y < height; y++)
        {
            ReadOnlySpan<float> row = ink.Slice(y * width, width);
            int first = row.IndexOfAnyExcept(0f);
            if (first < 0)
            {
                continue;
            }

            left = Math.Min(left, first);
            right = Math.Max(right, row.LastIndexOfAnyExcept(0f));
            top = top < 0 ? y : top;
            bottom = y;
        }

        return top < 0 ? default : new ForegroundBox(left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>Spreads each pixel of the rectangle evenly over the area that it covers when the longer side is 20 pixels long.</summary>
    /// <param name="ink">The image, <paramref name="stride"/> values a row.</param>
    /// <param name="box"><c>[20, 20]</c>, all 0 before; the shorter side uses the first rows or columns that it needs.</param>
    public void Scale(ReadOnlySpan<float> ink, int stride, Span<double> box)
    {
        int longer = Math.Max(Width, Height);
        Axis across = Axis.Of(Width, longer), down = Axis.Of(Height, longer);
        Span<double> line = stackalloc double[MnistImage.BoxSide];
        for (int y = 0; y < Height; y++)
        {
            line.Clear();
            for (int x = 0; x < Width; x++)
            {
                float value = ink[((Top + y) * stride) + Left + x];
                if (value != 0)
                {
                    (int first, int end) = across.Pixels(x);
                    for (int i = first; i < end; i++)
                    {
                        line[i] += value * across.Share(x, i);
                    }
                }
            }

            (int firstRow, int endRow) = down.Pixels(y);
            for (int j = firstRow; j < endRow; j++)
            {
                double share = down.Share(y, j);
                for (int i = 0; i < across.PixelCount; i++)
                {
                    box[(j * MnistImage.BoxSide) + i] += share * line[i];
                }
            }
        }
    }

    /// <summary>
    /// One direction: <paramref name="Count"/> pixels become <paramref name="Length"/> long, in the middle of <paramref name="PixelCount"/>
    /// whole ones.
    /// </summary>
    private readonly record struct Axis(int Count, double Length, int PixelCount)
    {
        public static Axis Of(int count, int longer)
        {
            // A line thinner than a pixel would fade away; it is made one pixel wide instead.
            double length = Math.Max(1, (double)MnistImage.BoxSide * count / longer);
            return new Axis(count, length, (int)Math.Ceiling(length));
        }

        private double Start => (PixelCount - Length) / 2;

        /// <summary>The pixels of the result that pixel <paramref name="n"/> touches.</summary>
        public (int First, int End) Pixels(int n) => ((int)Place(n), Math.Min((int)Math.Ceiling(Place(n + 1)), PixelCount));

        /// <summary>How much of pixel <paramref name="i"/> of the result pixel <paramref name="n"/> covers, 0 to 1.</summary>
        public double Share(int n, int i) => Math.Max(0, Math.Min(Place(n + 1), i + 1) - Math.Max(Place(n), i));

        private double Place(int n) => Start + (n * Length / Count);
    }
}
