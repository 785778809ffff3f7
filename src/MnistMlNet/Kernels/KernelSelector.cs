using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace MnistMlNet.Kernels;

/// <summary>Selects the kernels of an instruction set.</summary>
internal static class KernelSelector
{
    /// <summary>Gets the kernels of the widest instruction set that this process supports.</summary>
    public static IKernels Best { get; } = Create(SimdTiers.Best);

    /// <summary>Makes the kernels of one instruction set. Those above <see cref="SimdTiers.Best"/> compute the same, slowly.</summary>
    public static IKernels Create(SimdTier tier) => tier switch
    {
        SimdTier.Vector512 => new VectorKernels<Simd512, Vector512<float>>(tier),
        SimdTier.Vector256 => new VectorKernels<Simd256, Vector256<float>>(tier),
        SimdTier.Vector128 => new VectorKernels<Simd128, Vector128<float>>(tier),
        _ => new ScalarKernels(),
    };
}

/// <summary>The instruction sets that the kernels are written for.</summary>
internal enum SimdTier
{
    Scalar,
    Vector128,
    Vector256,
    Vector512,
}

/// <summary>Finds the widest instruction set that this process supports.</summary>
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
