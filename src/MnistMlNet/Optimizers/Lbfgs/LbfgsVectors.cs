using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MnistMlNet.Optimizers.Lbfgs;

/// <summary>Sums over blocks of floats whose bits depend on nothing but the values.</summary>
/// <remarks>
/// <c>TensorPrimitives.Dot</c> adds in an order that follows the machine's vectors and the blocks' addresses. Here there are eight partial
/// sums on every machine; the product of two floats is exact in double, so that a fused multiply-add makes no difference either.
/// </remarks>
internal static class LbfgsVectors
{
    private const int Lanes = 8;

    /// <summary>Computes <c>Σ x[i] · y[i]</c> in double.</summary>
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Vector256<double> even = default, odd = default;
        int whole = x.Length - x.Length % Lanes;
        ReadOnlySpan<Vector256<float>> xs = MemoryMarshal.Cast<float, Vector256<float>>(x[..whole]);
        ReadOnlySpan<Vector256<float>> ys = MemoryMarshal.Cast<float, Vector256<float>>(y[..whole]);
        for (int i = 0; i < xs.Length; i++)
        {
            (Vector256<double> xLow, Vector256<double> xHigh) = Vector256.Widen(xs[i]);
            (Vector256<double> yLow, Vector256<double> yHigh) = Vector256.Widen(ys[i]);
            even += xLow * yLow;
            odd += xHigh * yHigh;
        }

        Vector256<double> sums = even + odd;
        double sum = sums[0] + sums[1] + sums[2] + sums[3];
        for (int i = whole; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }
}
