using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary>
/// <see cref="IKernels.MultiplySparse"/>: <c>C[r, :] += Σₙ values[n] · B[indices[n], :]</c> over the entries of row r, and
/// <see cref="IKernels.MultiplyListed"/>, the same with the values where they stand in the whole row.
/// </summary>
internal static class SparseProduct
{
    /// <summary>The specification.</summary>
    public static void Scalar(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
    {
        for (int r = 0; r + 1 < starts.Length; r++)
        {
            Span<float> sums = output.Slice(r * outputStride, width);              // C[r, :]
            for (int n = starts[r]; n < starts[r + 1]; n++)
            {
                float x = values[n];
                ReadOnlySpan<float> b = right.Slice(indices[n] * rightStride, width);    // B[indices[n], :]
                for (int c = 0; c < width; c++)
                {
                    sums[c] += x * b[c];
                }
            }
        }
    }

    /// <summary>The specification.</summary>
    public static void ScalarListed(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
    {
        for (int r = 0; r + 1 < starts.Length; r++)
        {
            Span<float> sums = output.Slice(r * outputStride, width);              // C[r, :]
            foreach (int i in indices[starts[r]..starts[r + 1]])
            {
                float x = rows[r * rowStride + i];
                ReadOnlySpan<float> b = right.Slice(i * rightStride, width);       // B[i, :]
                for (int c = 0; c < width; c++)
                {
                    sums[c] += x * b[c];
                }
            }
        }
    }

    /// <summary>The same in vectors: one row's sums stay in registers while its entries pass by.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(values.Length >= starts[^1], "starts point beyond the entries.");
        Vector<TSimd, TVector, ByEntry>(starts, indices, values, 0, right, rightStride, output, outputStride, width);
    }

    /// <inheritdoc cref="Vector{TSimd, TVector}"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void VectorListed<TSimd, TVector>(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> rows, int rowStride, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct =>
        Vector<TSimd, TVector, ByInput>(starts, indices, rows, rowStride, right, rightStride, output, outputStride, width);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Vector<TSimd, TVector, TPlace>(
        ReadOnlySpan<int> starts, ReadOnlySpan<int> indices, ReadOnlySpan<float> values, nint rowStride, ReadOnlySpan<float> right, int rightStride,
        Span<float> output, int outputStride, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TPlace : struct, IEntryPlace
    {
        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(starts.Length < 2 || output.Length >= (starts.Length - 2) * outputStride + width, "output is too short.");
        Debug.Assert(indices.Length >= starts[^1], "starts point beyond the entries.");

        ref int index = ref MemoryMarshal.GetReference(indices);
        ref float value = ref MemoryMarshal.GetReference(values);
        ref float b = ref MemoryMarshal.GetReference(right);
        ref float c = ref MemoryMarshal.GetReference(output);
        nint stride = rightStride;                                                  // widened once, not for each entry
        int r = 0;
        if (SparseSums.TakesTwoRows<TSimd, TVector>(width))
        {
            for (; r + 2 < starts.Length; r += 2)
            {
                int start = starts[r], next = starts[r + 1];
                SparseSums.TwoRows<TSimd, TVector, int, TPlace>(
                    ref Unsafe.Add(ref index, start), ref Unsafe.Add(ref index, next),
                    ref FirstValue<TPlace>(ref value, r * rowStride, start), ref FirstValue<TPlace>(ref value, (r + 1) * rowStride, next),
                    next - start, starts[r + 2] - next, ref b, stride, ref Unsafe.Add(ref c, (nint)r * outputStride), outputStride, width);
            }
        }

        for (; r + 1 < starts.Length; r++)
        {
            int start = starts[r];
            SparseSums.Row<TSimd, TVector, int, TPlace>(
                ref Unsafe.Add(ref index, start), ref FirstValue<TPlace>(ref value, r * rowStride, start), starts[r + 1] - start, ref b, stride,
                ref Unsafe.Add(ref c, (nint)r * outputStride), width);
        }
    }

    /// <summary>From where the values of a row are counted: the entries before it, or the rows before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref float FirstValue<TPlace>(ref float values, nint rowOffset, nint entryOffset) =>
        ref Unsafe.Add(ref values, typeof(TPlace) == typeof(ByInput) ? rowOffset : entryOffset);
}
