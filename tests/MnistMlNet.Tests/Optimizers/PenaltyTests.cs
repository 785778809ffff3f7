using MnistMlNet.Optimizers;

namespace MnistMlNet.Tests.Optimizers;

public class PenaltyTests
{
    [Fact]
    public void AddGradient_L1AndL2_AddsTheSignAndTheWeightAndNothingAtZero()
    {
        float[] gradient = [1, 1, 1, 1];

        Penalty.AddGradient([2, -2, 0, -0f], gradient, l2: 0.25f, l1: 0.125f);

        Assert.Equal([1.625f, 0.375f, 1, 1], gradient);                            // 1 ± 0.5 ± 0.125
    }

    [Theory]
    [InlineData(3)]
    [InlineData(256)]
    [InlineData(300)]
    public void SoftThreshold_AnyNumberOfWeights_MovesEachTowardsZeroAndNoFurther(int count)
    {
        float[] weights = [.. Enumerable.Range(0, count).Select(i => (i % 5 - 2) * 0.5f)];     // -1, -½, 0, ½, 1

        Penalty.SoftThreshold(weights, 0.75f);

        Assert.Equal(Enumerable.Range(0, count).Select(i => (i % 5) switch { 0 => -0.25f, 4 => 0.25f, _ => 0 }), weights);
    }
}
