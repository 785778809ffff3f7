using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.SoftmaxCrossEntropy"/> and <see cref="IKernels.Softmax"/> of one row.</summary>
/// <remarks>
/// Subtracting the row's maximum leaves softmax unchanged and keeps exp from overflowing above 88.7.
/// Lanes beyond the classes hold <see cref="Network.NetworkParameters.PaddedLogit"/>, which exp turns into 0.
/// </remarks>
internal static class SoftmaxLoss
{
    /// <summary>The specification.</summary>
    public static float ScalarWithLoss(Span<float> logits, int label, float scale, out int predicted)
    {
        predicted = IndexOfMaximum(logits);
        float shifted = logits[label] - logits[predicted];
        float sum = ScalarExponentials(logits, logits[predicted]);
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
        float sum = ScalarExponentials(logits, logits[IndexOfMaximum(logits)]);
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
        predicted = IndexOfMaximum(logits);
        float shifted = logits[label] - logits[predicted];
        float sum = VectorExponentials<TSimd, TVector>(logits, logits[predicted]);
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
        TVector sum = TSimd.Broadcast(VectorExponentials<TSimd, TVector>(logits, logits[IndexOfMaximum(logits)]));
        ref float z = ref MemoryMarshal.GetReference(logits);
        for (nint c = 0; c < logits.Length; c += TSimd.Count)
        {
            TSimd.Store(TSimd.Divide(TSimd.Load(ref z, c), sum), ref z, c);
        }
    }

    /// <summary>The first of the largest; NaN never wins over the first lane, and then makes the sum NaN, which the training loop reports.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int IndexOfMaximum(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int c = 1; c < logits.Length; c++)
        {
            if (logits[c] > logits[best])
            {
                best = c;
            }
        }

        return best;
    }

    private static float ScalarExponentials(Span<float> logits, float maximum)
    {
        float sum = 0;
        for (int c = 0; c < logits.Length; c++)
        {
            sum += logits[c] = MathF.Exp(logits[c] - maximum);
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float VectorExponentials<TSimd, TVector>(Span<float> logits, float maximum)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(logits.Length % 16 == 0, "Rows are padded to multiples of 16.");
        ref float z = ref MemoryMarshal.GetReference(logits);
        TVector shift = TSimd.Broadcast(maximum);
        for (nint c = 0; c < logits.Length; c += TSimd.Count)
        {
            TSimd.Store(TSimd.Exp(TSimd.Subtract(TSimd.Load(ref z, c), shift)), ref z, c);
        }

        // Added one by one, so that the sum doesn't depend on the width of the vectors.
        float sum = 0;
        for (int c = 0; c < logits.Length; c++)
        {
            sum += logits[c];
        }

        return sum;
    }
}
