namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>An image of random samples, and its rows as the PNG specification describes them.</summary>
internal sealed class PngWriter
{
    private readonly int _width;
    private readonly int _height;
    private readonly byte _bits;
    private readonly byte _colourType;
    private readonly Random _random;
    private readonly byte[][] _pixels;                                                 // the samples of each pixel

    public PngWriter(int width, int height, byte bits, byte colourType, Random random)
    {
        (_width, _height, _bits, _colourType, _random) = (width, height, bits, colourType, random);
        int samples = colourType switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        _pixels = [.. Enumerable.Range(0, width * height).Select(_ =>
            Enumerable.Range(0, samples).Select(_ => (byte)random.Next(1 << bits)).ToArray())];
        if (colourType == 3)
        {
            Palette = new byte[3 << bits];
            random.NextBytes(Palette);
        }
    }

    public byte[]? Palette { get; }

    /// <summary>The pixels in grey, on white.</summary>
    public byte[] Grey() => [.. _pixels.Select(samples =>
    {
        byte[] colour = _colourType switch
        {
            2 or 6 => samples[..3],
            3 => Palette![(3 * samples[0])..((3 * samples[0]) + 3)],
            _ => [.. Enumerable.Repeat((byte)(samples[0] * 255 / ((1 << _bits) - 1)), 3)],
        };
        int opacity = _colourType is 4 or 6 ? samples[^1] : 255;
        double grey = Math.Floor((0.299 * colour[0]) + (0.587 * colour[1]) + (0.114 * colour[2]) + 0.5 + 1e-9);
        return (byte)Math.Floor((((grey * opacity) + (255d * (255 - opacity))) / 255) + 0.5 - 1e-9);
    })];

    /// <summary>The rows with a random filter each; those of an interlaced image pass by pass.</summary>
    public byte[] Rows(bool isInterlaced)
    {
        // Adam7: the specification's pattern of 8 × 8 pixels says in which pass each one is.
        const string Pattern = "1646264677777777565656567777777736463646777777775656565677777777";
        List<byte> file = [];
        for (int pass = 1; pass <= (isInterlaced ? 7 : 1); pass++)
        {
            byte[] above = [];
            for (int y = 0; y < _height; y++)
            {
                byte[][] row = [.. Enumerable.Range(0, _width)
                    .Where(x => !isInterlaced || Pattern[(8 * (y % 8)) + (x % 8)] - '0' == pass).Select(x => _pixels[(y * _width) + x])];
                if (row.Length > 0)
                {
                    byte[] bytes = Packed(row);
                    file.AddRange(Filtered(bytes, above.Length == 0 ? new byte[bytes.Length] : above, (byte)_random.Next(5)));
                    above = bytes;
                }
            }
        }

        return [.. file];
    }

    private byte[] Packed(byte[][] row)
    {
        string bits = string.Concat(row.SelectMany(samples => samples).Select(sample => Convert.ToString(sample, 2).PadLeft(_bits, '0')));
        return [.. bits.Chunk(8).Select(eight => Convert.ToByte(new string(eight).PadRight(8, '0'), 2))];
    }

    private byte[] Filtered(byte[] row, byte[] above, byte filter)
    {
        int step = Math.Max(1, _pixels[0].Length * _bits / 8);
        return [filter, .. row.Select((value, i) =>
        {
            int left = i < step ? 0 : row[i - step], up = above[i], leftUp = i < step ? 0 : above[i - step];
            int nearest = new[] { left, up, leftUp }.MinBy(v => Math.Abs(left + up - leftUp - v));
            int[] predictions = [0, left, up, (left + up) / 2, nearest];
            return (byte)(value - predictions[filter]);
        })];
    }
}
