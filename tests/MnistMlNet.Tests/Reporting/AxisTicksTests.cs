using MnistMlNet.Reporting.Charts;

namespace MnistMlNet.Tests.Reporting;

public sealed class AxisTicksTests
{
    [Theory]
    [InlineData(0, 0.3058, new[] { 0, 0.1, 0.2, 0.3, 0.4 })]
    [InlineData(0.9106, 0.9909, new[] { 0.9, 0.92, 0.94, 0.96, 0.98, 1 })]
    [InlineData(1, 20, new[] { 0d, 5, 10, 15, 20 })]
    [InlineData(0, 1, new[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    public void Ticks_are_round_numbers_that_hold_both_ends(double min, double max, double[] expected) =>
        Assert.Equal(expected, AxisTicks.Of(min, max).Values);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0.975)]
    public void A_single_value_has_an_axis_too(double value)
    {
        AxisTicks ticks = AxisTicks.Of(value, value);
        Assert.True(ticks.Min <= value && value <= ticks.Max && ticks.Min < ticks.Max);
    }
}
