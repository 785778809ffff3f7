using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Npz;

/// <summary>One array in NumPy's .npy format (NEP 1), versions 1 to 3, of 32- or 64-bit floats.</summary>
/// <param name="Shape">The lengths of its dimensions.</param>
/// <param name="Values">Row-major.</param>
internal sealed record NpyArray(int[] Shape, float[] Values)
{
    /// <summary>NumPy pads the header so that the values start at a multiple of this.</summary>
    private const int Alignment = 64;

    internal static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    public static void Write(Stream stream, ReadOnlySpan<float> values, int[] shape)
    {
        string dimensions = shape.Length == 1 ? shape[0].ToString(CultureInfo.InvariantCulture) + "," : string.Join(", ", shape);
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({dimensions}), }}";
        int before = Magic.Length + 2 + sizeof(ushort);
        int padded = (before + header.Length + 1 + Alignment - 1) / Alignment * Alignment - before;
        byte[] bytes = new byte[before + padded];
        Magic.CopyTo(bytes);
        bytes[Magic.Length] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Magic.Length + 2), (ushort)padded);
        Encoding.ASCII.GetBytes((header.PadRight(padded - 1) + "\n").AsSpan(), bytes.AsSpan(before));
        stream.Write(bytes);
        LittleEndian.Write(stream, values);
    }

    /// <summary>Reads the values that follow a header.</summary>
    /// <param name="atOnce">The bytes of memory that may be taken before as much has been read: a length is only believed as far.</param>
    public static NpyArray Read(Stream stream, NpyHeader header, long atOnce)
    {
        // Read piece by piece, so that an entry that claims more than it holds costs no more memory than it holds.
        const int pieceValues = 1 << 14;
        int count = header.Count, size = header.ItemSize, done = 0;
        byte[] piece = new byte[Math.Min(count, pieceValues) * size];
        float[] values = new float[(int)Math.Min(count, Math.Max(atOnce / sizeof(float), pieceValues))];
        while (done < count)
        {
            if (done == values.Length)
            {
                Array.Resize(ref values, (int)Math.Min(count, 2L * done));
            }

            int here = Math.Min(Math.Min(values.Length - done, pieceValues), count - done);
            Span<byte> bytes = piece.AsSpan(0, here * size);
            stream.ReadExactly(bytes);
            for (int at = 0; at < bytes.Length; at += size)
            {
                ReadOnlySpan<byte> word = bytes[at..];
                values[done++] = (header.IsDouble, header.IsBigEndian) switch
                {
                    (false, false) => BinaryPrimitives.ReadSingleLittleEndian(word),
                    (false, true) => BinaryPrimitives.ReadSingleBigEndian(word),
                    (true, false) => (float)BinaryPrimitives.ReadDoubleLittleEndian(word),
                    (true, true) => (float)BinaryPrimitives.ReadDoubleBigEndian(word),
                };
            }
        }

        return new NpyArray(header.Shape, header.IsTransposed ? Transpose(values, header.Shape[0], header.Shape[1]) : values);
    }

    private static float[] Transpose(float[] values, int rows, int columns)
    {
        float[] transposed = new float[values.Length];
        for (int r = 0; r < rows; r++)
        {
            for (int c = 0; c < columns; c++)
            {
                transposed[r * columns + c] = values[c * rows + r];
            }
        }

        return transposed;
    }
}
