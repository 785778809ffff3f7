using System.Runtime.CompilerServices;

namespace MnistMlNet.Kernels;

/// <summary>The exponential function in single precision for arguments of at most 0, as softmax needs it.</summary>
/// <remarks>
/// The runtime's vector version computes in double precision, which would take longer than the rest of softmax. Here x = n · ln 2 + r with
/// |r| ≤ ln 2 / 2, and exp(x) = 2ⁿ · exp(r). exp(r) is the polynomial of Cephes (Stephen L. Moshier, <c>expf</c>); the error is at most 2
/// units in the last place.
/// </remarks>
internal static class Exponential
{
    /// <summary>The logarithm of the smallest normal float, rounded up: the result for smaller arguments is 0.</summary>
    public const float MinArgument = -87.33654f;

    /// <summary>1.5 · 2²³: adding it to a small number rounds that to an integer, which is then in the lowest bits.</summary>
    private const float Rounder = 12582912;

    // ln 2 in two parts: the product of n and the first part is exact.
    private const float LnTwoHigh = 0.693359375f;
    private const float LnTwoLow = -2.12194440e-4f;

    /// <summary>Computes exp(x) for x ≤ 0 or NaN; exactly 1 for 0 and exactly 0 below <see cref="MinArgument"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector OfNonPositive<TSimd, TVector>(TVector x)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector rounder = TSimd.Broadcast(Rounder);
        TVector shifted = TSimd.MultiplyAdd(x, TSimd.Broadcast(1.44269504f), rounder);
        TVector n = TSimd.Subtract(shifted, rounder);
        TVector r = TSimd.MultiplyAdd(n, TSimd.Broadcast(-LnTwoLow), TSimd.MultiplyAdd(n, TSimd.Broadcast(-LnTwoHigh), x));
        TVector p = TSimd.MultiplyAdd(TSimd.Broadcast(1.9875691500e-4f), r, TSimd.Broadcast(1.3981999507e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(8.3334519073e-3f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(4.1665795894e-2f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(1.6666665459e-1f));
        p = TSimd.MultiplyAdd(p, r, TSimd.Broadcast(5.0000001201e-1f));
        p = TSimd.Add(TSimd.MultiplyAdd(p, TSimd.Multiply(r, r), r), TSimd.Broadcast(1));
        return TSimd.WherePositive(TSimd.Subtract(TSimd.Broadcast(MinArgument), x), TSimd.Broadcast(0), TSimd.ScaleB(p, shifted));
    }
}
