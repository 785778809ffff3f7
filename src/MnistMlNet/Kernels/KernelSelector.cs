using System.Runtime.Intrinsics;

namespace MnistMlNet.Kernels;

/// <summary>Picks the kernels for a tier.</summary>
internal static class KernelSelector
{
    /// <summary>Gets the kernels of the widest tier that this process runs on.</summary>
    public static IKernels Best { get; } = Create(SimdTiers.Best);

    /// <summary>Makes the kernels of one tier. Tiers above <see cref="SimdTiers.Best"/> compute the same, slowly.</summary>
    public static IKernels Create(SimdTier tier) => tier switch
    {
        SimdTier.Vector512 => new VectorKernels<Simd512, Vector512<float>>(tier),
        SimdTier.Vector256 => new VectorKernels<Simd256, Vector256<float>>(tier),
        SimdTier.Vector128 => new VectorKernels<Simd128, Vector128<float>>(tier),
        _ => new ScalarKernels(),
    };
}
