using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

/// <summary>The tiers that this process runs on, as theory data, by name because the enumeration is internal.</summary>
public static class Tiers
{
    /// <summary>Half a unit in the last place of 1: the relative error of one rounding.</summary>
    internal const double Rounding = 1.0 / (1 << 24);

    public static TheoryData<string> All { get; } = [.. Supported(SimdTier.Scalar)];

    /// <summary>
    /// All tiers but the scalar reference implementation; empty where hardware intrinsics are off, and then the theory has one case for the
    /// reference implementation itself.
    /// </summary>
    public static TheoryData<string> Vectors { get; } =
        [.. SimdTiers.Best == SimdTier.Scalar ? Supported(SimdTier.Scalar) : Supported(SimdTier.Vector128)];

    internal static IKernels Kernels(string tier) => KernelSelector.Create(Enum.Parse<SimdTier>(tier));

    private static IEnumerable<string> Supported(SimdTier least) =>
        Enum.GetValues<SimdTier>().Where(tier => tier >= least && tier <= SimdTiers.Best).Select(tier => tier.ToString());
}
