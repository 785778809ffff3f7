using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MnistMlNet.Kernels;

/// <summary>The hardware tiers that the kernels are written for.</summary>
internal enum SimdTier
{
    Scalar,
    Vector128,
    Vector256,
    Vector512,
}

/// <summary>Finds the widest tier of this process.</summary>
internal static class SimdTiers
{
    /// <remarks>
    /// <c>Avx512F.IsSupported</c> rather than <c>Vector512.IsHardwareAccelerated</c>: the runtime reports the latter as false
    /// on processors where it prefers 256 bits for its own code, although <c>Vector512</c> operations still become one instruction each.
    /// </remarks>
    public static SimdTier Best { get; } =
        Avx512F.IsSupported || Vector512.IsHardwareAccelerated ? SimdTier.Vector512
        : Vector256.IsHardwareAccelerated ? SimdTier.Vector256
        : Vector128.IsHardwareAccelerated ? SimdTier.Vector128
        : SimdTier.Scalar;
}
