using Microsoft.ML;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests;

public sealed class TwoLayerNetworkCatalogTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>Options out of range: the name, the value as the message has it, and how to set it.</summary>
    public static TheoryData<string, string, Action<Options>> OutOfRange => new()
    {
        { nameof(Options.LabelColumnName), "empty", options => options.LabelColumnName = "" },
        { nameof(Options.LabelColumnName), "null", options => options.LabelColumnName = null! },
        { nameof(Options.FeatureColumnName), "empty", options => options.FeatureColumnName = "" },
        { nameof(Options.ExampleWeightColumnName), "empty", options => options.ExampleWeightColumnName = "" },
        { nameof(Options.HiddenUnits), "0", options => options.HiddenUnits = 0 },
        { nameof(Options.HiddenUnits), "16777217", options => options.HiddenUnits = 16_777_217 },
        { nameof(Options.Activation), "17", options => options.Activation = (Activation)17 },
        { nameof(Options.Optimizer), "17", options => options.Optimizer = (Optimizer)17 },
        { nameof(Options.NumberOfEpochs), "0", options => options.NumberOfEpochs = 0 },
        { nameof(Options.BatchSize), "-1", options => options.BatchSize = -1 },
        { nameof(Options.LearningRate), "0", options => options.LearningRate = 0 },
        { nameof(Options.LearningRate), "-0.5", options => options.LearningRate = -0.5f },
        { nameof(Options.LearningRate), "NaN", options => options.LearningRate = float.NaN },
        { nameof(Options.LearningRate), "Infinity", options => options.LearningRate = float.PositiveInfinity },
        { nameof(Options.LearningRateSchedule), "17", options => options.LearningRateSchedule = (LearningRateSchedule)17 },
        { nameof(Options.Momentum), "1", options => (options.Optimizer, options.Momentum) = (Optimizer.GradientDescent, 1) },
        { nameof(Options.Momentum), "-0.1", options => (options.Optimizer, options.Momentum) = (Optimizer.GradientDescent, -0.1f) },
        { nameof(Options.Momentum), "0.9", options => options.Momentum = 0.9f },
        { nameof(Options.Nesterov), "True", options => options.Nesterov = true },
        { nameof(Options.L2Regularization), "-1", options => options.L2Regularization = -1 },
        { nameof(Options.L2Regularization), "NaN", options => options.L2Regularization = float.NaN },
        { nameof(Options.WeightInitialization), "17", options => options.WeightInitialization = (WeightInitialization)17 },
        { nameof(Options.NumberOfThreads), "0", options => options.NumberOfThreads = 0 },
        { nameof(Options.NumberOfThreads), "1025", options => options.NumberOfThreads = 1025 },
    };

    [Theory]
    [MemberData(nameof(OutOfRange))]
    public void TwoLayerNetwork_OptionOutOfRange_IsRefusedWithItsNameAndValue(string name, string value, Action<Options> change)
    {
        var options = new Options();
        change(options);

        ArgumentException e = Assert.ThrowsAny<ArgumentException>(() =>
            _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options));

        Assert.Equal("options", e.ParamName);
        Assert.StartsWith($"{name} is {value}; ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoLayerNetwork_Arguments_ReachTheTraining()
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(40));
        data = _mlContext.Transforms.CopyColumns("Y", "Label").Append(_mlContext.Transforms.CopyColumns("X", "Features")).Fit(data)
            .Transform(data);

        // New contexts, because the number of components that a context has made determines the seed of the next one.
        TwoLayerNetworkTransformer transformer = new MLContext(seed: 1).MulticlassClassification.Trainers.TwoLayerNetwork(
            "Y", "X", "Weight", hiddenUnits: 5, numberOfEpochs: 3, batchSize: 10, learningRate: 0.25f).Fit(data);
        TwoLayerNetworkTransformer expected = new MLContext(seed: 1).MulticlassClassification.Trainers.TwoLayerNetwork(new Options
        {
            LabelColumnName = "Y",
            FeatureColumnName = "X",
            ExampleWeightColumnName = "Weight",
            HiddenUnits = 5,
            NumberOfEpochs = 3,
            BatchSize = 10,
            LearningRate = 0.25f,
        }).Fit(data);

        Assert.Equal("X", transformer.FeatureColumnName);
        Assert.Equal(5, transformer.Model.HiddenUnits);
        Assert.Equal(3, transformer.History.Epochs.Count);
        Assert.Equal(10, transformer.History.BatchSize);
        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(transformer.Model));
    }

    [Fact]
    public void TwoLayerNetwork_OptionsChangedAfterwards_DoNotReachTheTrainer()
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(30));
        var options = new Options { HiddenUnits = 5, NumberOfEpochs = 1 };
        TwoLayerNetworkTrainer trainer = _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options);

        options.HiddenUnits = 7;
        options.NumberOfEpochs = -1;

        Assert.Equal(5, trainer.Fit(data).Model.HiddenUnits);
    }

    [Fact]
    public void TwoLayerNetwork_NoCatalogOrOptions_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("catalog", () =>
            ((MulticlassClassificationCatalog.MulticlassClassificationTrainers)null!).TwoLayerNetwork());
        Assert.Throws<ArgumentNullException>("options", () => _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(null!));
    }

    [Fact]
    public void Info_reports_that_normalized_features_help_and_that_the_rows_are_read_once()
    {
        TwoLayerNetworkTrainer trainer = _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork();

        Assert.True(trainer.Info.NeedNormalization);
        Assert.False(trainer.Info.WantCaching);
    }
}
