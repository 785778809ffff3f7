using MnistMlNet.Optimizers;

namespace MnistMlNet.Tests.Optimizers;

public class LearningRateSchedulerTests
{
    // 0.2 · ½ (1 + cos(π t / 12)): cos 0 = 1, cos(π/3) = ½, cos(π/2) = 0, cos(2π/3) = -½, cos π = -1.
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(4, 0.15)]
    [InlineData(6, 0.1)]
    [InlineData(8, 0.05)]
    [InlineData(12, 0)]
    public void Cosine_falls_from_the_full_rate_over_half_of_it_to_zero(long step, double expected) =>
        Check.Close(expected, Plan(LearningRateSchedule.Cosine).GetRate(step), 1e-8, "rate");   // one rounding of 0.2

    [Fact]
    public void Constant_is_the_same_to_the_bit_at_every_step() =>
        Assert.All((long[])[0, 1, 5, 12, 1_000_000_000_000], step => Assert.Equal(0.2f, Plan(LearningRateSchedule.Constant).GetRate(step)));

    // 12 steps in all: η · (1 - t / 12).
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(3, 0.15)]
    [InlineData(6, 0.1)]
    [InlineData(12, 0)]
    [InlineData(13, 0)]
    public void Linear_falls_by_the_same_amount_each_step(long step, double expected) =>
        Check.Close(expected, Plan(LearningRateSchedule.Linear).GetRate(step), 1e-8, "rate");

    // Epochs of 3 steps; a drop by 0.5 every 2 epochs, that is every 6 steps.
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(5, 0.2)]
    [InlineData(6, 0.1)]
    [InlineData(11, 0.1)]
    [InlineData(12, 0.05)]
    public void Step_drops_after_every_so_many_epochs(long step, double expected) =>
        Check.Close(expected, Plan(LearningRateSchedule.Step).GetRate(step), 1e-8, "rate");

    // Power 2: η / (1 + e)², the same for the three steps of an epoch.
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(2, 0.2)]
    [InlineData(3, 0.05)]
    [InlineData(6, 0.2 / 9)]
    [InlineData(11, 0.0125)]
    public void Inverse_scaling_falls_with_the_power_of_the_epoch(long step, double expected) =>
        Check.Close(expected, Plan(LearningRateSchedule.InverseScaling).GetRate(step), 1e-8, "rate");

    // 1⅓ epochs are 4 steps of ¼, ½, ¾ and all of η; 8 steps remain, over which the schedules that end at 0 run.
    [Theory]
    [InlineData(LearningRateSchedule.Constant, 4, 0.2)]
    [InlineData(LearningRateSchedule.Constant, 11, 0.2)]
    [InlineData(LearningRateSchedule.Cosine, 4, 0.2)]
    [InlineData(LearningRateSchedule.Cosine, 8, 0.1)]
    [InlineData(LearningRateSchedule.Cosine, 12, 0)]
    [InlineData(LearningRateSchedule.Linear, 6, 0.15)]
    [InlineData(LearningRateSchedule.Linear, 12, 0)]
    [InlineData(LearningRateSchedule.Step, 9, 0.2)]
    [InlineData(LearningRateSchedule.Step, 10, 0.1)]
    [InlineData(LearningRateSchedule.InverseScaling, 6, 0.2)]
    [InlineData(LearningRateSchedule.InverseScaling, 7, 0.05)]
    [InlineData(LearningRateSchedule.OnPlateau, 11, 0.2)]
    public void Every_schedule_begins_where_the_warm_up_ends(LearningRateSchedule schedule, long step, double expected)
    {
        LearningRateScheduler plan = Plan(schedule, warmUpEpochs: 4f / 3);

        Check.Close([0.05, 0.1, 0.15, 0.2], [plan.GetRate(0), plan.GetRate(1), plan.GetRate(2), plan.GetRate(3)], 1e-8, "warm-up");
        Check.Close(expected, plan.GetRate(step), 1e-8, "rate");
    }

    // Steps of an epoch times epochs, rounded to the nearest whole number, ties to even: 1.5 -> 2, 2.5 -> 2, 2.25 -> 2, 3.75 -> 4.
    // W steps rise from 0.2 / W; the one after them has 0.2.
    [Theory]
    [InlineData(3, 0.5f, 2)]
    [InlineData(5, 0.5f, 2)]
    [InlineData(3, 0.75f, 2)]
    [InlineData(5, 0.75f, 4)]
    public void The_warm_up_has_a_whole_number_of_steps(int batchesPerEpoch, float warmUpEpochs, int expectedSteps)
    {
        LearningRateScheduler plan = Plan(LearningRateSchedule.Linear, warmUpEpochs, batchesPerEpoch);

        // Linear falls from its first step after the warm-up, over the remaining steps of the 4 epochs.
        double left = (4 * batchesPerEpoch) - expectedSteps;
        Check.Close(
            [0.2 / expectedSteps, 0.2, 0.2, 0.2 * (1 - (1 / left))],
            [plan.GetRate(0), plan.GetRate(expectedSteps - 1), plan.GetRate(expectedSteps), plan.GetRate(expectedSteps + 1)],
            1e-8, "rates");
    }

    // The documented formula by hand: half an epoch of 4 steps is W = 2, so that e is 0 in the steps 2 to 5, 1 in 6 to 9, and 2 from 10 on.
    // Power 2: 0.2 / (1 + e)^2.
    [Fact]
    public void Epochs_of_a_schedule_count_from_the_end_of_the_warm_up()
    {
        LearningRateScheduler plan = Plan(LearningRateSchedule.InverseScaling, warmUpEpochs: 0.5f, batchesPerEpoch: 4);

        Check.Close(
            [0.1, 0.2, 0.2, 0.2, 0.05, 0.05, 0.2 / 9],
            [plan.GetRate(0), plan.GetRate(1), plan.GetRate(2), plan.GetRate(5), plan.GetRate(6), plan.GetRate(9), plan.GetRate(10)],
            1e-8, "rates");
    }

    [Fact]
    public void A_warm_up_longer_than_the_training_rises_as_it_would_in_a_longer_one() =>
        Check.Close([0.2 / 24, 0.1], [Plan(LearningRateSchedule.Cosine, 8).GetRate(0), Plan(LearningRateSchedule.Constant, 8).GetRate(11)],
            1e-8, "rates");

    [Fact]
    public void On_a_plateau_the_rate_drops_after_two_epochs_without_a_gain_above_the_tolerance()
    {
        // Tolerance 0.1. Gains: 1 (the first), none, 0.05 (too small, so the rate drops), 0.25 (from 1), none, none (the rate drops); then
        // a rise of the loss, only one epoch without a gain, so no drop; then a gain.
        LearningRateScheduler plan = Plan(LearningRateSchedule.OnPlateau);
        var rates = new List<float>();
        foreach (double loss in (double[])[1, 1, 0.95, 0.75, 0.8, 0.7, 2, 0.5])
        {
            plan.EpochEnded(loss);
            rates.Add(plan.GetRate(0));
        }

        Check.Close([0.2, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05], [.. rates], 1e-8, "rates");
    }

    [Fact]
    public void Losses_that_are_not_finite_count_neither_as_a_gain_nor_as_an_epoch_without_one()
    {
        LearningRateScheduler plan = Plan(LearningRateSchedule.OnPlateau);
        foreach (double loss in (double[])[1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1])
        {
            plan.EpochEnded(loss);
        }

        Assert.Equal(0.2f, plan.GetRate(0));                                       // one epoch without a gain
        plan.EpochEnded(1);
        Assert.Equal(0.1f, plan.GetRate(0));
    }

    [Fact]
    public void Losses_change_no_other_schedule()
    {
        LearningRateScheduler plan = Plan(LearningRateSchedule.Constant);
        for (int epoch = 0; epoch < 20; epoch++)
        {
            plan.EpochEnded(1);
        }

        Assert.Equal(0.2f, plan.GetRate(5));
    }

    private static LearningRateScheduler Plan(LearningRateSchedule schedule, float warmUpEpochs = 0, int batchesPerEpoch = 3) => new(
        ResolvedOptionsFactory.GradientDescent with
        {
            LearningRateSchedule = schedule,
            LearningRate = 0.2f,
            NumberOfEpochs = 4,
            LearningRateDropFactor = 0.5f,
            LearningRateDropEpochs = 2,
            InverseScalingPower = 2,
            WarmUpEpochs = warmUpEpochs,
            EarlyStoppingTolerance = 0.1f,
        },
        batchesPerEpoch);
}
