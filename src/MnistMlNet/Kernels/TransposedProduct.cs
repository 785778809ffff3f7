using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.MultiplyTransposed"/>: <c>C[i, :] += Σ x · B[r, :]</c> over the entries (x, r) of group i.</summary>
internal static class TransposedProduct
{
    /// <summary>The reference implementation.</summary>
    public static void Scalar(
        ReadOnlySpan<int> counts, ReadOnlySpan<TransposedEntry> entries, int groupStride, MatrixView right, MatrixSpan output)
    {
        for (int i = 0; i < counts.Length; i++)
        {
            Span<float> sums = output.Row(i);                                      // C[i, :]
            foreach (TransposedEntry entry in entries.Slice(i * groupStride, counts[i]))
            {
                ReadOnlySpan<float> b = right.Row(entry.Row);                      // B[r, :]
                for (int c = 0; c < sums.Length; c++)
                {
                    sums[c] += entry.Value * b[c];
                }
            }
        }
    }

    /// <summary>The vector form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Vector<TSimd, TVector>(
        ReadOnlySpan<int> counts, ReadOnlySpan<TransposedEntry> entries, int groupStride, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        int outputStride = output.RowStride, width = output.ColumnCount;
        Debug.Assert(width % 16 == 0 && width == right.ColumnCount, "Panels are multiples of 16 wide.");
        Debug.Assert(output.RowCount >= counts.Length, "output has too few rows.");
        Debug.Assert(counts.IsEmpty || entries.Length >= (counts.Length - 1) * groupStride + counts[^1], "entries are too few.");
        ref TransposedEntry entry = ref MemoryMarshal.GetReference(entries);
        ref float value = ref Unsafe.As<TransposedEntry, float>(ref entry);            // a value, a row, a value, a row …
        ref int row = ref Unsafe.Add(ref Unsafe.As<TransposedEntry, int>(ref entry), 1);
        ref float b = ref MemoryMarshal.GetReference(right.Data);
        ref float c = ref MemoryMarshal.GetReference(output.Data);
        nint stride = right.RowStride;                                              // widened once, not for each entry
        int i = 0;
        // Not with four vectors: one input already has enough independent sums, and twice as many rows of B would be in use.
        if (width == 2 * TSimd.Count)
        {
            for (; i + 1 < counts.Length; i += 2)
            {
                nint first = 2 * (nint)i * groupStride, second = first + 2 * groupStride;
                SparseSums.TwoRows<TSimd, TVector, int, TransposedEntryAccessor>(
                    ref Unsafe.Add(ref row, first), ref Unsafe.Add(ref row, second), ref Unsafe.Add(ref value, first),
                    ref Unsafe.Add(ref value, second),
                    counts[i], counts[i + 1], ref b, stride, ref Unsafe.Add(ref c, (nint)i * outputStride), outputStride, width);
            }
        }

        for (; i < counts.Length; i++)
        {
            nint first = 2 * (nint)i * groupStride;
            SparseSums.Row<TSimd, TVector, int, TransposedEntryAccessor>(
                ref Unsafe.Add(ref row, first), ref Unsafe.Add(ref value, first), counts[i], ref b, stride,
                ref Unsafe.Add(ref c, (nint)i * outputStride), width);
        }
    }
}

/// <summary>
/// An entry of a sparse batch in the group of its input: its value and the row it comes from. It is written by one store, and one cache
/// line holds eight entries.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct TransposedEntry(float Value, int Row);
