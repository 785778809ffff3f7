using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.SoftmaxCrossEntropy"/> and <see cref="IKernels.Softmax"/> of one row.</summary>
/// <remarks>
/// Subtracting the row's maximum leaves softmax unchanged and keeps exp from overflowing above 88.7.
/// Lanes beyond the classes hold <see cref="Network.NetworkParameters.PaddedLogit"/>, which exp turns into 0.
/// Sums are taken in 16 lanes, and then over the lanes pairwise, so that they don't depend on the width of the vectors.
/// </remarks>
internal static class SoftmaxLoss
{
    private const int Lanes = 16;

    /// <summary>The specification.</summary>
    public static float ScalarWithLoss(Span<float> logits, int label, float scale, out int predicted)
    {
        float maximum = ScalarMaximum(logits);
        predicted = IndexOf(logits, maximum);
        float shifted = logits[label] - maximum;
        float sum = ScalarExponentials(logits, maximum);
        for (int c = 0; c < logits.Length; c++)
        {
            logits[c] *= scale / sum;
        }

        logits[label] -= scale;
        return MathF.Log(sum) - shifted;
    }

    /// <inheritdoc cref="ScalarWithLoss"/>
    public static void Scalar(Span<float> logits)
    {
        float sum = ScalarExponentials(logits, ScalarMaximum(logits));
        for (int c = 0; c < logits.Length; c++)
        {
            logits[c] /= sum;
        }
    }

    /// <summary>The same in vectors; widths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float VectorWithLoss<TSimd, TVector>(Span<float> logits, int label, float scale, out int predicted)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        float maximum = VectorMaximum<TSimd, TVector>(logits);
        predicted = IndexOf(logits, maximum);
        float shifted = logits[label] - maximum;
        float sum = VectorExponentials<TSimd, TVector>(logits, maximum);
        ref float z = ref MemoryMarshal.GetReference(logits);
        TVector factor = TSimd.Broadcast(scale / sum);
        for (nint c = 0; c < logits.Length; c += TSimd.Count)
        {
            TSimd.Store(TSimd.Multiply(factor, TSimd.Load(ref z, c)), ref z, c);
        }

        logits[label] -= scale;
        return MathF.Log(sum) - shifted;
    }

    /// <inheritdoc cref="VectorWithLoss"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(Span<float> logits)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector sum = TSimd.Broadcast(VectorExponentials<TSimd, TVector>(logits, VectorMaximum<TSimd, TVector>(logits)));
        ref float z = ref MemoryMarshal.GetReference(logits);
        for (nint c = 0; c < logits.Length; c += TSimd.Count)
        {
            TSimd.Store(TSimd.Divide(TSimd.Load(ref z, c), sum), ref z, c);
        }
    }

    /// <summary>The first place of the maximum; 0 where NaN is about, which then makes the loss NaN, and the training loop reports that.</summary>
    private static int IndexOf(ReadOnlySpan<float> logits, float maximum) => Math.Max(0, logits.IndexOf(maximum));

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

        return SumOfLanes(sums);
    }

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

        Span<float> lanes = stackalloc float[Lanes];
        TSimd.Store(largest, ref MemoryMarshal.GetReference(lanes), 0);
        return ScalarMaximum(lanes[..TSimd.Count]);
    }

    private static float VectorExponentials<TSimd, TVector>(Span<float> logits, float maximum)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        ref float z = ref MemoryMarshal.GetReference(logits);
        TVector shift = TSimd.Broadcast(maximum);
        Span<float> sums = stackalloc float[Lanes];
        ref float lanes = ref MemoryMarshal.GetReference(sums);
        for (nint first = 0; first < Lanes; first += TSimd.Count)
        {
            TVector sum = TSimd.Broadcast(0);
            for (nint c = first; c < logits.Length; c += Lanes)
            {
                TVector exponential = TSimd.Exp(TSimd.Subtract(TSimd.Load(ref z, c), shift));
                TSimd.Store(exponential, ref z, c);
                sum = TSimd.Add(sum, exponential);
            }

            TSimd.Store(sum, ref lanes, first);
        }

        return SumOfLanes(sums);
    }

    private static float SumOfLanes(ReadOnlySpan<float> s) =>
        (((s[0] + s[8]) + (s[4] + s[12])) + ((s[2] + s[10]) + (s[6] + s[14])))
        + (((s[1] + s[9]) + (s[5] + s[13])) + ((s[3] + s[11]) + (s[7] + s[15])));
}
