using MnistMlNet.Network;
using MnistMlNet.Optimizers;

namespace MnistMlNet.Tests.Optimizers;

/// <summary>Norms whose squares overflow a float: (3e19, 4e19) has the squares 9e38 and 16e38, above 3.4e38, and the norm 5e19.</summary>
public sealed class OverflowingNormsTests
{
    private readonly NetworkParameters _parameters = new(new NetworkShape(2, 3, 2, Activation.Relu));

    [Fact]
    public void Clip_SquaresOverflow_ScalesToTheLimit()
    {
        var accumulator = new GradientAccumulator(_parameters);
        (accumulator.All[0], accumulator.All[^1]) = (3e19f, -4e19f);

        accumulator.Clip(5);

        Assert.True(Close(3, accumulator.All[0]) && Close(-4, accumulator.All[^1]), $"{accumulator.All[0]}, {accumulator.All[^1]}");
    }

    [Theory]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Clip_GradientNotFinite_StaysAsItIs(float value)
    {
        var accumulator = new GradientAccumulator(_parameters);
        (accumulator.All[0], accumulator.All[1]) = (value, 7);

        accumulator.Clip(5);

        Assert.Equal([value, 7], accumulator.All[..2].ToArray());
    }

    [Theory]
    [InlineData(5f, 3f, 4f)]
    [InlineData(1e30f, 3e19f, 4e19f)]                                              // a limit whose own square overflows
    public void MaxNorm_SquaresOverflow_ScalesTheUnitToTheLimit(float limit, float first, float second)
    {
        int width = _parameters.HiddenLayout.Width(0);
        Span<float> weights = _parameters.HiddenWeights;
        (weights[1], weights[width + 1], weights[2]) = (3e19f, 4e19f, 0.5f);       // unit 1 by input 0 and 1; unit 2 by input 0

        MaxNorm.Apply(_parameters, limit, 0, 1);

        Assert.True(Close(first, weights[1]) && Close(second, weights[width + 1]), $"{weights[1]}, {weights[width + 1]}");
        Assert.Equal(0.5f, weights[2]);
    }

    [Fact]
    public void MaxNorm_SquaresOfTheFirstUnitOverflow_ScalesItToTheLimit()
    {
        int width = _parameters.HiddenLayout.Width(0);
        Span<float> weights = _parameters.HiddenWeights;
        (weights[0], weights[width]) = (3e19f, 4e19f);

        MaxNorm.Apply(_parameters, 5, 0, 1);

        Assert.True(Close(3, weights[0]) && Close(4, weights[width]), $"{weights[0]}, {weights[width]}");
    }

    [Theory]
    [InlineData(0.5f, 0.3f, 0.4f)]
    [InlineData(1f, 0.54f, 0.72f)]                                                 // the norm is 0.9
    public void MaxNorm_OnlyOneUnitAndShorterThanOne_IsScaledIfLongerThanTheLimit(float limit, float first, float second)
    {
        int width = _parameters.HiddenLayout.Width(0);
        Span<float> weights = _parameters.HiddenWeights;
        (weights[1], weights[width + 1]) = (0.54f, 0.72f);

        MaxNorm.Apply(_parameters, limit, 0, 1);

        Assert.True(Close(first, weights[1]) && Close(second, weights[width + 1]), $"{weights[1]}, {weights[width + 1]}");
    }

    [Fact]
    public void Clip_GradientOfManyParameters_ScalesToTheLimit()
    {
        var accumulator = new GradientAccumulator(new NetworkParameters(new NetworkShape(300, 32, 2, Activation.Relu)));
        (accumulator.All[0], accumulator.All[5000], accumulator.All[^1]) = (2, -3, 6);         // the norm is 7

        accumulator.Clip(3.5f);

        Assert.Equal([1, -1.5f, 3], [accumulator.All[0], accumulator.All[5000], accumulator.All[^1]]);
    }

    // Four roundings of 2⁻²⁴ each.
    private static bool Close(float expected, float actual) => MathF.Abs(expected - actual) <= 2.4e-7f * MathF.Abs(expected);
}
