using System.Runtime.Intrinsics;
using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class ExponentialTests
{
    public static TheoryData<int> Widths => [128, 256, 512];

    [Theory]
    [MemberData(nameof(Widths))]
    public void Results_are_within_two_units_in_the_last_place_of_double_arithmetic(int width)
    {
        var random = new Random(width);
        for (int i = 0; i < 200_000; i++)
        {
            float x = i % 2 == 0 ? -87.3f * random.NextSingle() : -MathF.Exp(-20 * random.NextSingle());
            double expected = Math.Exp(x), unit = MathF.BitIncrement((float)expected) - (float)expected;
            Assert.True(Math.Abs(Exp(width, x) - expected) <= 2 * unit, $"exp({x:R}) is {Exp(width, x):R}, {expected:R} is expected.");
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Zero_gives_one_and_an_argument_that_is_too_small_gives_zero(int width)
    {
        Assert.Equal(1, Exp(width, 0));
        Assert.Equal(1, Exp(width, -0f));
        Assert.Equal(1, Exp(width, -1e-20f));
        Assert.InRange(Exp(width, Exponential.MinArgument), 1.1754944e-38f, 1.1755e-38f);
        foreach (float x in (float[])[-87.34f, -100, -1e10f, float.MinValue, float.NegativeInfinity])
        {
            Assert.Equal(0, Exp(width, x));
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void NaN_stays_NaN(int width) => Assert.True(float.IsNaN(Exp(width, float.NaN)));

    private static float Exp(int width, float x) => width switch
    {
        128 => Exponential.OfNonPositive<Simd128, Vector128<float>>(Vector128.Create(x)).ToScalar(),
        256 => Exponential.OfNonPositive<Simd256, Vector256<float>>(Vector256.Create(x)).ToScalar(),
        _ => Exponential.OfNonPositive<Simd512, Vector512<float>>(Vector512.Create(x)).ToScalar(),
    };
}
