using System.Reflection;
using Microsoft.ML;
using MnistMlNet.Configuration;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Configuration;

public class OptionTableTests
{
    [Theory]
    [InlineData(nameof(Options.HiddenUnits), 0, "HiddenUnits is 0; it must be 1 to 16777216.")]
    [InlineData(nameof(Options.HiddenUnits), -5, "HiddenUnits is -5; it must be 1 to 16777216.")]
    [InlineData(nameof(Options.HiddenUnits), 16_777_217, "HiddenUnits is 16777217; it must be 1 to 16777216.")]
    [InlineData(nameof(Options.Activation), (Activation)9,
        "Activation is 9; it must be one of Relu, Tanh, Sigmoid, Identity, LeakyRelu, Gelu, GeluTanh, Silu.")]
    [InlineData(nameof(Options.Optimizer), (Optimizer)(-1), "Optimizer is -1; it must be one of GradientDescent, Adam, RmsProp, Lbfgs.")]
    [InlineData(nameof(Options.NumberOfEpochs), 0, "NumberOfEpochs is 0; it must be 1 or more, or null")]
    [InlineData(nameof(Options.BatchSize), -1, "BatchSize is -1; it must be 1 or more, 0 for all rows at once, or null")]
    [InlineData(nameof(Options.Distribution), (DistributionMode)9, "Distribution is 9; it must be one of DataParallel, ModelPara")]
    [InlineData(nameof(Options.Shards), 0, "Shards is 0; it must be 1 to 65536, or null for one a rank")]
    [InlineData(nameof(Options.Shards), 65_537, "Shards is 65537; it must be 1 to 65536")]
    [InlineData(nameof(Options.AveragingSteps), 0, "AveragingSteps is 0; it must be 1 or more, or null")]
    [InlineData(nameof(Options.BlockMomentum), 1f, "BlockMomentum is 1; it must be 0 or above and less than 1, or null")]
    [InlineData(nameof(Options.BlockMomentum), -0.1f, "BlockMomentum is -0.1; it must be 0 or above and less than 1, or null")]
    [InlineData(nameof(Options.LearningRate), 0f, "LearningRate is 0; it must be a finite number above 0, or null")]
    [InlineData(nameof(Options.LearningRate), -0.5f, "LearningRate is -0.5; it must be a finite number above 0, or null")]
    [InlineData(nameof(Options.LearningRate), float.NaN, "LearningRate is NaN; it must be a finite number above 0, or null")]
    [InlineData(nameof(Options.LearningRate), float.PositiveInfinity,
        "LearningRate is Infinity; it must be a finite number above 0, or null")]
    [InlineData(nameof(Options.LearningRateSchedule), (LearningRateSchedule)9,
        "LearningRateSchedule is 9; it must be one of Constant, Cosine, Linear, Step, InverseScaling, OnPlateau.")]
    [InlineData(nameof(Options.Momentum), -0.1f, "Momentum is -0.1; it must be 0 or above and less than 1.")]
    [InlineData(nameof(Options.Momentum), 1f, "Momentum is 1; it must be 0 or above and less than 1.")]
    [InlineData(nameof(Options.Momentum), float.NaN, "Momentum is NaN; it must be 0 or above and less than 1.")]
    [InlineData(nameof(Options.Momentum), 0.9f,
        "Momentum is 0.9; it must be 0 with Optimizer.Adam; it belongs to Optimizer.GradientDescent.")]
    [InlineData(nameof(Options.Nesterov), true,
        "Nesterov is True; it must be false unless Optimizer is GradientDescent and Momentum above 0.")]
    [InlineData(nameof(Options.L2Regularization), -1e-9f,
        "L2Regularization is -1E-09; it must be a finite number, 0 or above, or null to choose by the optimizer.")]
    [InlineData(nameof(Options.L2Regularization), float.NaN,
        "L2Regularization is NaN; it must be a finite number, 0 or above, or null to choose by the optimizer.")]
    [InlineData(nameof(Options.L2Regularization), float.PositiveInfinity,
        "L2Regularization is Infinity; it must be a finite number, 0 or above, or null to choose by the optimizer.")]
    [InlineData(nameof(Options.WeightInitialization), (WeightInitialization)3,
        "WeightInitialization is 3; it must be one of HeUniform, GlorotUniform, UniformHalf.")]
    [InlineData(nameof(Options.NumberOfThreads), 0, "NumberOfThreads is 0; it must be 1 to 1024, or null")]
    [InlineData(nameof(Options.NumberOfThreads), 1025, "NumberOfThreads is 1025; it must be 1 to 1024, or null")]
    [InlineData(nameof(Options.Beta1), 1f, "Beta1 is 1; it must be 0 or above and less than 1, or null for 0.9.")]
    [InlineData(nameof(Options.Beta2), -0.1f, "Beta2 is -0.1; it must be 0 or above and less than 1, or null for 0.999.")]
    [InlineData(nameof(Options.Epsilon), 0f, "Epsilon is 0; it must be a finite number above 0, or null for 1e-8.")]
    [InlineData(nameof(Options.RmsPropDecay), float.NaN, "RmsPropDecay is NaN; it must be 0 or above and less than 1, or null for 0.9.")]
    [InlineData(nameof(Options.RmsPropDecay), 0.9f,
        "RmsPropDecay is 0.9; it must be null with Optimizer.Adam; it belongs to Optimizer.RmsProp.")]
    [InlineData(nameof(Options.LbfgsHistorySize), 0, "LbfgsHistorySize is 0; it must be 1 to 1000, or null for 10.")]
    [InlineData(nameof(Options.LbfgsHistorySize), 5,
        "LbfgsHistorySize is 5; it must be null with Optimizer.Adam; it belongs to Optimizer.Lbfgs.")]
    [InlineData(nameof(Options.LearningRateDropFactor), 1f,
        "LearningRateDropFactor is 1; it must be above 0 and less than 1, or null for 0.1.")]
    [InlineData(nameof(Options.LearningRateDropFactor), 0.5f, "LearningRateDropFactor is 0.5; it must be null with "
        + "LearningRateSchedule.Cosine; it belongs to LearningRateSchedule.Step and LearningRateSchedule.OnPlateau.")]
    [InlineData(nameof(Options.LearningRateDropEpochs), 0,
        "LearningRateDropEpochs is 0; it must be 1 or more, or null to choose by the schedule.")]
    [InlineData(nameof(Options.InverseScalingPower), float.PositiveInfinity,
        "InverseScalingPower is Infinity; it must be a finite number above 0, or null for 0.5.")]
    [InlineData(nameof(Options.InverseScalingPower), 0.5f, "InverseScalingPower is 0.5; it must be null with LearningRateSchedule.Cosine; "
        + "it belongs to LearningRateSchedule.InverseScaling.")]
    [InlineData(nameof(Options.WarmUpEpochs), -1f, "WarmUpEpochs is -1; it must be a finite number, 0 or above.")]
    [InlineData(nameof(Options.L1Regularization), float.NaN, "L1Regularization is NaN; it must be a finite number, 0 or above.")]
    [InlineData(nameof(Options.MaxNorm), 0f, "MaxNorm is 0; it must be a finite number above 0, or null for no limit.")]
    [InlineData(nameof(Options.GradientClipNorm), -1f, "GradientClipNorm is -1; it must be a finite number above 0, or null for no limit.")]
    [InlineData(nameof(Options.InputDropout), 1f,
        "InputDropout is 1; it must be 0 or above and less than 1, or null to choose by the number of features.")]
    [InlineData(nameof(Options.HiddenDropout), float.NaN, "HiddenDropout is NaN; it must be 0 or above and less than 1.")]
    [InlineData(nameof(Options.LabelSmoothing), -0.1f, "LabelSmoothing is -0.1; it must be 0 or above and less than 1.")]
    [InlineData(nameof(Options.ValidationFraction), 1f, "ValidationFraction is 1; it must be 0 or above and less than 1.")]
    [InlineData(nameof(Options.EarlyStoppingPatience), -1, "EarlyStoppingPatience is -1; it must be 1 or more epochs, or 0 for never.")]
    [InlineData(nameof(Options.EarlyStoppingTolerance), float.NaN,
        "EarlyStoppingTolerance is NaN; it must be a finite number, 0 or above.")]
    [InlineData(nameof(Options.EarlyStoppingMetric), (EarlyStoppingMetric)2, "EarlyStoppingMetric is 2; it must be one of Loss, Accuracy.")]
    [InlineData(nameof(Options.CheckpointPath), "", "CheckpointPath is ; it must be a file name, or null for no checkpoint.")]
    [InlineData(nameof(Options.CheckpointInterval), 0, "CheckpointInterval is 0; it must be 1 or more epochs.")]
    [InlineData(nameof(Options.CheckpointInterval), 2,
        "CheckpointInterval is 2; it must be 1, the default, unless CheckpointPath is given.")]
    [InlineData(nameof(Options.ResumeFromCheckpoint), true,
        "ResumeFromCheckpoint is True; it must be false unless CheckpointPath is given.")]
    [InlineData(nameof(Options.LabelColumnName), "", "LabelColumnName is empty; a column name is expected.")]
    [InlineData(nameof(Options.LabelColumnName), null, "LabelColumnName is null; a column name is expected.")]
    [InlineData(nameof(Options.FeatureColumnName), null, "FeatureColumnName is null; a column name is expected.")]
    [InlineData(nameof(Options.ExampleWeightColumnName), "", "ExampleWeightColumnName is empty; a column name is expected.")]
    public void A_value_out_of_range_is_refused_with_option_value_and_range(string option, object? value, string message)
    {
        Options options = With(new Options(), option, value);

        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() =>
            new MLContext(seed: 1).MulticlassClassification.Trainers.TwoLayerNetwork(options));

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
        Assert.Equal("options", e.ParamName);
    }

    [Theory]
    [InlineData(nameof(Options.HiddenUnits), 1)]
    [InlineData(nameof(Options.HiddenUnits), 16_777_216)]
    [InlineData(nameof(Options.NumberOfEpochs), 1)]
    [InlineData(nameof(Options.NumberOfEpochs), null)]
    [InlineData(nameof(Options.BatchSize), 0)]
    [InlineData(nameof(Options.BatchSize), int.MaxValue)]
    [InlineData(nameof(Options.BatchSize), null)]
    [InlineData(nameof(Options.LearningRate), float.Epsilon)]
    [InlineData(nameof(Options.LearningRate), float.MaxValue)]
    [InlineData(nameof(Options.LearningRate), null)]
    [InlineData(nameof(Options.LearningRateSchedule), null)]
    [InlineData(nameof(Options.Momentum), 0f)]
    [InlineData(nameof(Options.Momentum), 0.99999f)]
    [InlineData(nameof(Options.L2Regularization), 0f)]
    [InlineData(nameof(Options.L2Regularization), float.MaxValue)]
    [InlineData(nameof(Options.NumberOfThreads), 1)]
    [InlineData(nameof(Options.NumberOfThreads), 1024)]
    [InlineData(nameof(Options.NumberOfThreads), null)]
    [InlineData(nameof(Options.ExampleWeightColumnName), null)]
    public void The_ends_of_each_range_are_accepted(string option, object? value) =>
        OptionTable.Check(With(new Options { Optimizer = Optimizer.GradientDescent }, option, value));

    [Fact]
    public void Nesterov_WithMomentum_IsAccepted() =>
        OptionTable.Check(new Options { Optimizer = Optimizer.GradientDescent, Momentum = 0.9f, Nesterov = true });

    [Fact]
    public void Every_option_with_a_range_has_a_case_here()
    {
        // Options without a range: any bool, seed, callback or token is valid.
        string[] free =
        [
            nameof(Options.Shuffle), nameof(Options.StandardizeFeatures),
            nameof(Options.CacheRows), nameof(Options.Seed), nameof(Options.EpochCallback),
            nameof(Options.CancellationToken), nameof(Options.Collective),
            nameof(Options.ValidationSet), nameof(Options.RestoreBestEpoch), nameof(Options.KeepBestOnCancel), nameof(Options.Augmentation),

            // Not constants: they have separate tests.
            nameof(Options.ClassWeights), nameof(Options.BalancedClassWeights),
        ];
        IEnumerable<string> tested = typeof(OptionTableTests)
            .GetMethod(nameof(A_value_out_of_range_is_refused_with_option_value_and_range))!
            .GetCustomAttributes<InlineDataAttribute>().Select(data => (string)data.GetData(null!).Single()[0]).Distinct();

        Assert.Equal(typeof(Options).GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => field.Name).Except(free)
            .Order(), tested.Order());
    }

    private static Options With(Options options, string option, object? value)
    {
        typeof(Options).GetField(option)!.SetValue(options, value);
        return options;
    }
}
