
using MnistMlNet.Configuration;

namespace MnistMlNet.Tests.Configuration;

/// <summary>The value chosen where an option is null, as the documentation of Options states it.</summary>
public class ResolvedOptionsTests
{
    // A hundredth of the rows, rounded up to a power of two, within 8 … 64; 60,000 / rows epochs, within 30 … 400.
    [Theory]
    [InlineData(1, 8, 400)]
    [InlineData(99, 8, 400)]
    [InlineData(150, 8, 400)]                                                  // iris: 60,000 / 150 = 400
    [InlineData(178, 8, 337)]                                                  // wine: 60,000 / 178 = 337.08
    [InlineData(800, 8, 75)]
    [InlineData(1_000, 16, 60)]                                                // a hundredth is 10
    [InlineData(1_600, 16, 37)]                                                // 16 is a power of two: 60,000 / 1,600 = 37.5
    [InlineData(1_700, 32, 35)]                                                // 17
    [InlineData(2_000, 32, 30)]                                                // 20
    [InlineData(3_000, 32, 30)]                                                // 30
    [InlineData(6_400, 64, 30)]
    [InlineData(60_000, 64, 30)]                                               // MNIST
    [InlineData(int.MaxValue, 64, 30)]
    public void Batch_size_and_epochs_follow_the_row_count(int rows, int batchSize, int epochs)
    {
        Assert.Equal(batchSize, DefaultRules.BatchSize(rows));
        Assert.Equal(epochs, DefaultRules.NumberOfEpochs(Optimizer.Adam, rows));
    }

    [Fact]
    public void Learning_rate_decay_and_schedule_follow_the_optimizer()
    {
        Assert.Equal(0.004f, DefaultRules.LearningRate(Optimizer.Adam, () => 0));
        Assert.Equal(0.1f, DefaultRules.LearningRate(Optimizer.GradientDescent, () => 0));
        Assert.Equal(0.05f, DefaultRules.L2Regularization(Optimizer.Adam, isRateGiven: false, () => 0));
        Assert.Equal(0, DefaultRules.L2Regularization(Optimizer.GradientDescent, isRateGiven: false, () => 0));
        Assert.Equal(LearningRateSchedule.Cosine, DefaultRules.Schedule(Optimizer.Adam));
        Assert.Equal(LearningRateSchedule.Constant, DefaultRules.Schedule(Optimizer.GradientDescent));
    }

    [Theory]
    [InlineData(Optimizer.Adam, 100, 0.1f)]
    [InlineData(Optimizer.Adam, 99, 0f)]                                      // each of a few features may be needed
    [InlineData(Optimizer.RmsProp, 784, 0f)]
    [InlineData(Optimizer.GradientDescent, 784, 0f)]
    [InlineData(Optimizer.Lbfgs, 784, 0f)]
    public void Adam_leaves_out_a_tenth_of_many_features(Optimizer optimizer, int inputs, float expected)
    {
        Assert.Equal(expected, DefaultRules.InputDropout(optimizer, isAugmented: false, inputs));
        Assert.Equal(0, DefaultRules.InputDropout(optimizer, isAugmented: true, inputs));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(10, 1)]
    [InlineData(11, 2)]
    [InlineData(20, 2)]
    [InlineData(int.MaxValue, 214_748_365)]                                    // 2,147,483,647 / 10, and one more for the rest
    public void An_incomplete_batch_counts_as_one(int rows, long batches) =>
        Assert.Equal(batches, (ResolvedOptionsFactory.GradientDescent with { BatchSize = 10 }).BatchesPerEpoch(rows));

    [Theory]
    [InlineData(105, 0.004f)]                                                 // MNIST
    [InlineData(250, 0.004f)]
    [InlineData(251, 0.002f)]
    [InlineData(500, 0.002f)]
    [InlineData(680, 0.001f)]                                               // black on white: 500 < 680 <= 1000
    [InlineData(1e9, 0.004f / 4_194_304)]                                     // 1e9 / 250 = 4e6, within 2^21 .. 2^22
    public void Adams_learning_rate_is_halved_for_each_doubling_of_the_rows_sum_beyond_250(double meanMagnitude, float expected)
    {
        Assert.Equal(expected, DefaultRules.LearningRate(Optimizer.Adam, () => meanMagnitude));
        Assert.Equal(0.1f, DefaultRules.LearningRate(Optimizer.GradientDescent, () => meanMagnitude));
    }

    [Theory]
    [InlineData(250, 0.05f)]
    [InlineData(251, 0.1f)]                                                    // η is 0.002
    [InlineData(680, 0.2f)]                                                    // η is 0.001
    public void Adams_decay_of_a_step_does_not_depend_on_the_size_of_the_features(double meanMagnitude, float expected)
    {
        Assert.Equal(expected, DefaultRules.L2Regularization(Optimizer.Adam, isRateGiven: false, () => meanMagnitude));
        Assert.Equal(0.05f, DefaultRules.L2Regularization(Optimizer.Adam, isRateGiven: true, () => meanMagnitude));
        Assert.Equal(1e-4f, DefaultRules.L2Regularization(Optimizer.Lbfgs, isRateGiven: false, () => meanMagnitude));
        Assert.Equal(0, DefaultRules.L2Regularization(Optimizer.RmsProp, isRateGiven: false, () => meanMagnitude));
    }
}
