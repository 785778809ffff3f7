using MnistMlNet.Configuration;
using MnistMlNet.Optimizers;

namespace MnistMlNet.Tests.Training;

/// <summary>Losses that aren't finite, and rows for which no loss can be computed.</summary>
public sealed class NotFiniteLossTests
{
    // Patience 2, tolerance 0.1: epochs whose loss isn't finite neither improve nor count, so training stops two epochs with finite losses
    // after the best.
    [Theory]
    [InlineData(new[] { double.NaN, double.NaN, double.NaN, double.NaN }, 0, 0)]
    [InlineData(new[] { double.PositiveInfinity, 1.0, double.NaN, 1.0, double.NaN, 1.0 }, 6, 2)]
    [InlineData(new[] { 1.0, double.NaN, 0.5, double.NaN, 0.2 }, 0, 5)]
    [InlineData(new[] { double.NegativeInfinity, 1.0, 0.8 }, 0, 3)]
    public void An_epoch_whose_loss_is_not_finite_is_never_the_best_and_does_not_count_against_patience(double[] losses, int stopped,
        int best)
    {
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with { EarlyStoppingPatience = 2, EarlyStoppingTolerance = 0.1f };

        Assert.Equal((stopped, best), EarlyStoppingTests.Stop(plan, losses, _ => (1, 0.5), out _, loss => (loss, 0.5)));
    }

    // By accuracy, too: the second epoch has the highest accuracy, but its loss isn't finite.
    [Fact]
    public void An_accuracy_of_an_epoch_whose_loss_is_not_finite_does_not_count()
    {
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with { EarlyStoppingMetric = EarlyStoppingMetric.Accuracy };
        double[] accuracies = [0.5, 0.9, 0.7];

        Assert.Equal((0, 3), EarlyStoppingTests.Stop(
            plan, accuracies, _ => (1, 0.5), out _, accuracy => (accuracy == 0.9 ? double.NaN : 1, accuracy)));
    }

    [Fact]
    public void A_plateau_is_not_found_by_losses_that_are_not_finite()
    {
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with
        {
            LearningRate = 1,
            LearningRateSchedule = LearningRateSchedule.OnPlateau,
            LearningRateDropEpochs = 1,
            LearningRateDropFactor = 0.5f,
        };
        var rates = new LearningRateScheduler(plan, batchesPerEpoch: 1);

        rates.EpochEnded(1);
        rates.EpochEnded(double.NaN);
        rates.EpochEnded(double.PositiveInfinity);
        Assert.Equal(1, rates.GetRate(3));
        rates.EpochEnded(1);
        Assert.Equal(0.5f, rates.GetRate(4));
    }
}
