using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using MnistMlNet.Kernels;
using Xunit.Abstractions;

namespace MnistMlNet.Tests.Kernels;

/// <summary>Logs which tier the suite ran on: otherwise nobody would notice a switch that the runtime doesn't know.</summary>
[Trait("Category", "HardwareTier")]
public class TierTests(ITestOutputHelper output)
{
    /// <summary>Set when the suite is run on one tier: Vector512, Vector256, Vector128 or Scalar.</summary>
    private const string ExpectedTierVariable = "MNISTMLNET_EXPECTED_TIER";

    [Fact]
    public void The_tier_in_use_is_the_one_asked_for_or_else_the_best_of_the_hardware()
    {
        string expected = Environment.GetEnvironmentVariable(ExpectedTierVariable) is { Length: > 0 } asked ? asked
            : Avx512F.IsSupported ? "Vector512"
            : Avx2.IsSupported ? "Vector256"
            : Sse42.IsSupported || AdvSimd.IsSupported ? "Vector128"
            : "Scalar";

        output.WriteLine($"Kernel tier in use: {SimdTiers.Best}, expected: {expected}");

        Assert.Equal(expected, SimdTiers.Best.ToString());
        Assert.Equal(expected, KernelSelector.Best.Tier.ToString());
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Create_Tier_GivesKernelsOfThatTier(string tier) => Assert.Equal(tier, Tiers.Kernels(tier).Tier.ToString());
}
