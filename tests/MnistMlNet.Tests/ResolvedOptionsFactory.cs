using MnistMlNet.Configuration;
using MnistMlNet.Tests.Training;

namespace MnistMlNet.Tests;

/// <summary>Resolved options as a starting point for tests.</summary>
internal static class ResolvedOptionsFactory
{
    /// <summary>
    /// One thread (and where a test sets more, all of them in every phase), no shuffling, one epoch of batches of 10, no additions to the
    /// plain update rule.
    /// </summary>
    public static ResolvedOptions GradientDescent { get; } = new()
    {
        Optimizer = Optimizer.GradientDescent,
        NumberOfEpochs = 1,
        BatchSize = 10,
        LearningRate = 0.1f,
        LearningRateSchedule = LearningRateSchedule.Constant,
        Momentum = 0,
        Nesterov = false,
        L2Regularization = 0,
        Shuffle = false,
        Seed = 1,
        NumberOfThreads = 1,
        WorkerCounts = AllWorkers.Of,
    };

    public static ResolvedOptions Adam { get; } = GradientDescent with { Optimizer = Optimizer.Adam, LearningRate = 0.01f };
}
