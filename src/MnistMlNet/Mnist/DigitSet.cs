using System.Buffers.Binary;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MnistMlNet.Mnist;

/// <summary>Images and their labels in memory; immutable after all images are added.</summary>
/// <remarks>
/// Four of five pixels of a written digit are background. So an image is packed as its number of non-zero pixels (4 bytes), a bit mask of
/// the non-zero pixels (in words of 64 bits), and their values (a byte each). This takes a third of the unpacked form, which is 47 MB for
/// MNIST's 60,000 images. Images of fewer than <see cref="MinPackedPixels"/> pixels aren't packed: the overhead would exceed the gain.
/// </remarks>
internal sealed class DigitSet
{
    private const int MinPackedPixels = 256;

    private const int PixelsPerWord = 64;

    /// <summary>The approximate size of the arrays for images: with several arrays, no array is copied when the set grows.</summary>
    private const int ChunkBytes = 1 << 20;

    private readonly byte[] _labels;
    private readonly List<byte[]> _chunks = [];
    private readonly List<(int Chunk, int Offset)> _places = [];
    private readonly bool _isPacked;
    private readonly int _plainPerChunk;
    private readonly int _wordCount;
    private readonly byte[] _image;
    private int _added;
    private int _free;

    /// <summary>Creates a set without images; <see cref="Add"/> adds them in the order of their labels.</summary>
    /// <param name="labels"><c>[count]</c>, 0 to 9.</param>
    /// <param name="rows">Rows of one image.</param>
    /// <param name="columns">Columns of one image.</param>
    public DigitSet(byte[] labels, int rows, int columns)
    {
        _labels = labels;
        Rows = rows;
        Columns = columns;
        _isPacked = PixelCount >= MinPackedPixels;
        _plainPerChunk = ChunkBytes / Math.Min(PixelCount, MinPackedPixels);
        _wordCount = (PixelCount + PixelsPerWord - 1) / PixelsPerWord;
        _image = new byte[_wordCount * PixelsPerWord];
    }

    /// <summary>Number of images.</summary>
    public int Count => _labels.Length;

    /// <summary>Rows of one image.</summary>
    public int Rows { get; }

    /// <summary>Columns of one image.</summary>
    public int Columns { get; }

    /// <summary>Pixels of one image.</summary>
    public int PixelCount => Rows * Columns;

    /// <summary>Adds the next image.</summary>
    /// <param name="pixels">0 (background) to 255 (ink), row by row.</param>
    public void Add(ReadOnlySpan<byte> pixels)
    {
        if (pixels.Length != PixelCount)
        {
            throw new ArgumentException($"There are {pixels.Length} pixels; an image of {Rows} x {Columns} needs {PixelCount}.",
                nameof(pixels));
        }

        if (_isPacked)
        {
            Pack(pixels);
        }
        else
        {
            if (_added % _plainPerChunk == 0)
            {
                _chunks.Add(new byte[Math.Min(_plainPerChunk, Count - _added) * PixelCount]);
            }

            pixels.CopyTo(_chunks[^1].AsSpan(_added % _plainPerChunk * PixelCount));
        }

        _added++;
    }

    /// <summary>Gets the number of non-zero pixels of image <paramref name="index"/>.</summary>
    public int NonZeroCount(int index) =>
        _isPacked ? BinaryPrimitives.ReadInt32LittleEndian(Packed(index)) : PixelCount - Plain(index).Count((byte)0);

    /// <summary>Reads the indices of the non-zero pixels, ascending, and their values.</summary>
    /// <param name="places">The indices; at least <see cref="NonZeroCount"/> long.</param>
    /// <param name="values">The values; at least <see cref="NonZeroCount"/> long.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void ReadNonZeros(int index, Span<int> places, Span<float> values)
    {
        int count = 0;
        if (!_isPacked)
        {
            ReadOnlySpan<byte> pixels = Plain(index);
            for (int i = 0; i < pixels.Length; i++)
            {
                if (pixels[i] != 0)
                {
                    places[count] = i;
                    values[count++] = pixels[i];
                }
            }

            return;
        }

        ReadOnlySpan<byte> words = Packed(index)[sizeof(int)..], bytes = words[(_wordCount * sizeof(ulong))..];
        for (int w = 0; w < _wordCount; w++)
        {
            for (ulong inked = BinaryPrimitives.ReadUInt64LittleEndian(words[(w * sizeof(ulong))..]); inked != 0; inked &= inked - 1)
            {
                places[count] = (w * PixelsPerWord) + BitOperations.TrailingZeroCount(inked);
                values[count] = bytes[count];
                count++;
            }
        }
    }

    /// <summary>Reads all pixels of image <paramref name="index"/>, row by row.</summary>
    /// <param name="pixels"><see cref="PixelCount"/> long.</param>
    public void ReadPixels(int index, Span<float> pixels)
    {
        if (!_isPacked)
        {
            TensorPrimitives.ConvertTruncating(Plain(index), pixels);
            return;
        }

        pixels.Clear();
        ReadOnlySpan<byte> words = Packed(index)[sizeof(int)..], bytes = words[(_wordCount * sizeof(ulong))..];
        int count = 0;
        for (int w = 0; w < _wordCount; w++)
        {
            for (ulong inked = BinaryPrimitives.ReadUInt64LittleEndian(words[(w * sizeof(ulong))..]); inked != 0; inked &= inked - 1)
            {
                pixels[(w * PixelsPerWord) + BitOperations.TrailingZeroCount(inked)] = bytes[count++];
            }
        }
    }

    /// <summary>Gets a copy of the pixels of image <paramref name="index"/>, row by row.</summary>
    public byte[] Pixels(int index)
    {
        float[] values = new float[PixelCount];
        ReadPixels(index, values);
        byte[] pixels = new byte[PixelCount];
        TensorPrimitives.ConvertTruncating<float, byte>(values, pixels);
        return pixels;
    }

    /// <summary>Gets the label of image <paramref name="index"/>.</summary>
    public int Label(int index) => _labels[index];

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Pack(ReadOnlySpan<byte> pixels)
    {
        int header = sizeof(int) + (_wordCount * sizeof(ulong)), maxLength = header + PixelCount;
        if (_chunks.Count == 0 || _chunks[^1].Length - _free < maxLength)
        {
            // Uninitialized memory is safe: the count and the bit mask are written with the image, and nothing after its end is read.
            _chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, maxLength)));
            _free = 0;
        }

        pixels.CopyTo(_image);
        Span<byte> packed = _chunks[^1].AsSpan(_free);
        int end = header;
        for (int w = 0; w < _wordCount; w++)
        {
            ReadOnlySpan<byte> part = _image.AsSpan(w * PixelsPerWord, PixelsPerWord);
            ulong inked = ~(Background(part) | ((ulong)Background(part[32..]) << 32));
            BinaryPrimitives.WriteUInt64LittleEndian(packed[(sizeof(int) + (w * sizeof(ulong)))..], inked);
            for (; inked != 0; inked &= inked - 1)
            {
                packed[end++] = part[BitOperations.TrailingZeroCount(inked)];
            }
        }

        BinaryPrimitives.WriteInt32LittleEndian(packed, end - header);
        _places.Add((_chunks.Count - 1, _free));
        _free += end;
    }

    /// <summary>Gets a bit for each of 32 pixels, set where the pixel is 0.</summary>
    private static uint Background(ReadOnlySpan<byte> pixels) =>
        Vector256.Equals(Vector256.Create(pixels), Vector256<byte>.Zero).ExtractMostSignificantBits();

    private ReadOnlySpan<byte> Packed(int index)
    {
        (int chunk, int offset) = _places[index];
        return _chunks[chunk].AsSpan(offset);
    }

    private ReadOnlySpan<byte> Plain(int index) => _chunks[index / _plainPerChunk].AsSpan(index % _plainPerChunk * PixelCount, PixelCount);
}
