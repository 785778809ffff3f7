using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.SoftmaxCrossEntropy"/> and <see cref="IKernels.Softmax"/>.</summary>
/// <remarks>
/// Subtracting the row's maximum leaves softmax unchanged and keeps exp from overflowing above 88.7.
/// Lanes beyond the classes hold <see cref="Network.NetworkParameters.PaddedLogit"/>, for which exp gives 0.
/// Sums are computed in 16 lanes, and then pairwise over the lanes, so that they don't depend on the width of the vectors.
/// </remarks>
internal static class SoftmaxLoss
{
    private const int Lanes = 16;

    /// <summary>
    /// The number of rows that are processed together: the instructions of one row depend on each other; those of several rows overlap.
    /// </summary>
    private const int RowsAtOnce = 16;

    /// <summary>The reference implementation.</summary>
    public static void ScalarWithLoss(
        MatrixSpan logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, float scale, Span<float> losses, Span<int> predicted)
    {
        for (int r = 0; r < labels.Length; r++)
        {
            Span<float> row = logits.Row(r);
            float maximum = ScalarMaximum(row), factor = scale * weights[r];
            predicted[r] = Math.Max(0, row.IndexOf(maximum));
            float shifted = row[labels[r]] - maximum;
            float sum = ScalarExponentials(row, maximum);
            for (int c = 0; c < row.Length; c++)
            {
                row[c] *= factor / sum;
            }

            row[labels[r]] -= factor;
            losses[r] = MathF.Log(sum) - shifted;
        }
    }

    /// <inheritdoc cref="ScalarWithLoss"/>
    public static void Scalar(MatrixSpan logits)
    {
        for (int r = 0; r < logits.RowCount; r++)
        {
            Span<float> row = logits.Row(r);
            float sum = ScalarExponentials(row, ScalarMaximum(row));
            for (int c = 0; c < row.Length; c++)
            {
                row[c] /= sum;
            }
        }
    }

    /// <summary>The vector form; widths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void VectorWithLoss<TSimd, TVector>(
        MatrixSpan logits, ReadOnlySpan<int> labels, ReadOnlySpan<float> weights, float scale, Span<float> losses, Span<int> predicted)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        int stride = logits.RowStride, width = logits.ColumnCount;
        Span<float> maxima = stackalloc float[RowsAtOnce], sums = stackalloc float[RowsAtOnce];
        for (int first = 0; first < labels.Length; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, labels.Length - first);
            Span<float> rows = logits.Data.Slice(first * stride, (count - 1) * stride + width);
            for (int r = 0; r < count; r++)
            {
                Span<float> row = rows.Slice(r * stride, width);
                maxima[r] = VectorMaximum<TSimd, TVector>(row);
                predicted[first + r] = PlaceOf<TSimd, TVector>(row, maxima[r]);
                losses[first + r] = maxima[r] - row[labels[first + r]];
            }

            VectorExponentials<TSimd, TVector>(rows, stride, width, maxima[..count], sums);
            for (int r = 0; r < count; r++)
            {
                float factor = scale * weights[first + r];
                Span<float> row = rows.Slice(r * stride, width);
                ref float z = ref MemoryMarshal.GetReference(row);
                TVector quotient = TSimd.Broadcast(factor / sums[r]);
                for (nint c = 0; c < width; c += TSimd.Count)
                {
                    TSimd.Store(TSimd.Multiply(quotient, TSimd.Load(ref z, c)), ref z, c);
                }

                row[labels[first + r]] -= factor;
                losses[first + r] += MathF.Log(sums[r]);
            }
        }
    }

    /// <inheritdoc cref="VectorWithLoss"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(MatrixSpan logits)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        int stride = logits.RowStride, width = logits.ColumnCount, rowCount = logits.RowCount;
        Span<float> maxima = stackalloc float[RowsAtOnce], sums = stackalloc float[RowsAtOnce];
        for (int first = 0; first < rowCount; first += RowsAtOnce)
        {
            int count = Math.Min(RowsAtOnce, rowCount - first);
            Span<float> rows = logits.Data.Slice(first * stride, (count - 1) * stride + width);
            for (int r = 0; r < count; r++)
            {
                maxima[r] = VectorMaximum<TSimd, TVector>(rows.Slice(r * stride, width));
            }

            VectorExponentials<TSimd, TVector>(rows, stride, width, maxima[..count], sums);
            for (int r = 0; r < count; r++)
            {
                TVector sum = TSimd.Broadcast(sums[r]);
                ref float z = ref MemoryMarshal.GetReference(rows.Slice(r * stride, width));
                for (nint c = 0; c < width; c += TSimd.Count)
                {
                    TSimd.Store(TSimd.Divide(TSimd.Load(ref z, c), sum), ref z, c);
                }
            }
        }
    }

    /// <summary>
    /// The first position of the maximum; 0 if there is a NaN. The loss is then NaN, which the training loop reports.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int PlaceOf<TSimd, TVector>(ReadOnlySpan<float> logits, float maximum)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        ref float z = ref MemoryMarshal.GetReference(logits);
        TVector largest = TSimd.Broadcast(maximum);
        ulong all = (1UL << TSimd.Count) - 1;
        for (int c = 0; c < logits.Length; c += TSimd.Count)
        {
            // The difference of equal floats is 0. That of different floats is never 0, since tiny results aren't flushed to 0.
            ulong equal = ~TSimd.NonZeroMask(TSimd.Subtract(TSimd.Load(ref z, c), largest)) & all;
            if (equal != 0)
            {
                return c + BitOperations.TrailingZeroCount(equal);
            }
        }

        return 0;
    }

    private static float ScalarMaximum(ReadOnlySpan<float> logits)
    {
        float maximum = logits[0];
        foreach (float logit in logits)
        {
            maximum = logit > maximum ? logit : maximum;
        }

        return maximum;
    }

    private static float ScalarExponentials(Span<float> logits, float maximum)
    {
        Span<float> sums = stackalloc float[Lanes];
        sums.Clear();
        for (int c = 0; c < logits.Length; c++)
        {
            sums[c % Lanes] += logits[c] = MathF.Exp(logits[c] - maximum);
        }

        return SumOfLanes(ref MemoryMarshal.GetReference(sums));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float VectorMaximum<TSimd, TVector>(Span<float> logits)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(logits.Length % Lanes == 0, "Rows are padded to multiples of 16.");
        ref float z = ref MemoryMarshal.GetReference(logits);
        TVector largest = TSimd.Load(ref z, 0);
        for (nint c = TSimd.Count; c < logits.Length; c += TSimd.Count)
        {
            largest = TSimd.Max(largest, TSimd.Load(ref z, c));
        }

        // In 16 lanes for every vector width, then reduced in the same order as the sum.
        Span<float> lanes = stackalloc float[Lanes];
        ref float lane = ref MemoryMarshal.GetReference(lanes);
        for (nint first = 0; first < Lanes; first += TSimd.Count)
        {
            TSimd.Store(largest, ref lane, first);
        }

        Vector128<float> four = Vector128.MaxNative(
            Vector128.MaxNative(Vector128.LoadUnsafe(ref lane), Vector128.LoadUnsafe(ref lane, 8)),
            Vector128.MaxNative(Vector128.LoadUnsafe(ref lane, 4), Vector128.LoadUnsafe(ref lane, 12)));
        Vector128<float> two = Vector128.MaxNative(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(two, Vector128.Shuffle(two, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    /// <summary>Replaces each logit by <c>exp(z - maximum)</c>, and writes the sum of each row to <paramref name="sums"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void VectorExponentials<TSimd,
        TVector>(Span<float> rows, int stride, int width, ReadOnlySpan<float> maxima, Span<float> sums)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Span<float> laneSums = stackalloc float[Lanes];
        ref float lanes = ref MemoryMarshal.GetReference(laneSums);
        for (int r = 0; r < maxima.Length; r++)
        {
            ref float z = ref MemoryMarshal.GetReference(rows.Slice(r * stride, width));
            TVector shift = TSimd.Broadcast(maxima[r]);
            for (nint first = 0; first < Lanes; first += TSimd.Count)
            {
                TVector sum = TSimd.Broadcast(0);
                for (nint c = first; c < width; c += Lanes)
                {
                    TVector exponential = Exponential.OfNonPositive<TSimd, TVector>(TSimd.Subtract(TSimd.Load(ref z, c), shift));
                    TSimd.Store(exponential, ref z, c);
                    sum = TSimd.Add(sum, exponential);
                }

                TSimd.Store(sum, ref lanes, first);
            }

            sums[r] = SumOfLanes(ref lanes);
        }
    }

    /// <summary>Adds 16 lanes pairwise: 8 to 8, 4 to 4, and so on down to one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumOfLanes(ref float lanes)
    {
        Vector128<float> four = (Vector128.LoadUnsafe(ref lanes) + Vector128.LoadUnsafe(ref lanes, 8))
            + (Vector128.LoadUnsafe(ref lanes, 4) + Vector128.LoadUnsafe(ref lanes, 12));
        Vector128<float> two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1));
        return two.ToScalar() + two.GetElement(1);
    }
}
