using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

public class LearningRatePlanTests
{
    // 0.2 · ½ (1 + cos(π t / 12)): cos 0 = 1, cos(π/3) = ½, cos(π/2) = 0, cos(2π/3) = -½, cos π = -1.
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(4, 0.15)]
    [InlineData(6, 0.1)]
    [InlineData(8, 0.05)]
    [InlineData(12, 0)]
    public void Cosine_falls_from_the_full_rate_over_half_of_it_to_zero(long step, double expected) =>
        Check.Close(expected, Plan(LearningRateSchedule.Cosine).At(step), 1e-8, "rate");   // one rounding of 0.2

    [Fact]
    public void Constant_is_the_same_to_the_bit_at_every_step() =>
        Assert.All((long[])[0, 1, 5, 12, 1_000_000_000_000], step => Assert.Equal(0.2f, Plan(LearningRateSchedule.Constant).At(step)));

    private static LearningRatePlan Plan(LearningRateSchedule schedule) =>
        new(Plans.GradientDescent with { LearningRateSchedule = schedule, LearningRate = 0.2f, NumberOfEpochs = 4 }, batchesPerEpoch: 3);
}
