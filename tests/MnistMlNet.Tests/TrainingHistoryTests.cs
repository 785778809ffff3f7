using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests;

/// <summary>The options that a model was made with, in its history.</summary>
public sealed class TrainingHistoryTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public TrainingHistoryTests()
    {
        _data = Examples.Keyed(_mlContext, Examples.Rows(60));
    }

    [Fact]
    public void Every_option_appears_once()
    {
        IReadOnlyList<KeyValuePair<string, string>> options = Examples.Trainer(_mlContext).Fit(_data).History.Options;

        Assert.Equal(typeof(Options).GetFields(BindingFlags.Public | BindingFlags.Instance).Select(field => field.Name).Order(),
            options.Select(pair => pair.Key).Order());
    }

    [Fact]
    public void Options_that_are_not_set_are_reported_with_the_values_used()
    {
        var trainer = _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(new Options { Optimizer = Optimizer.Adam });

        TrainingHistory history = trainer.Fit(_data).History;

        Dictionary<string, string> texts = history.Options.ToDictionary();
        Assert.Equal(("8", "400", "0.004", "Cosine", "0.05"),
            (texts["BatchSize"], texts["NumberOfEpochs"], texts["LearningRate"], texts["LearningRateSchedule"], texts["L2Regularization"]));
        Assert.Equal(("0.9", "0.999", "1E-08"), (texts["Beta1"], texts["Beta2"], texts["Epsilon"]));
        Assert.Equal((8, 400), (history.BatchSize, history.Epochs.Count));

        // The reported seed is the one that was drawn: if it is given as an option, it makes the same model.
        TwoLayerNetworkTransformer Fit(int? seed) =>
            new MLContext(seed: 5).MulticlassClassification.Trainers.TwoLayerNetwork(new Options { NumberOfEpochs = 2, Seed = seed })
            .Fit(_data);
        TwoLayerNetworkTransformer drawn = Fit(null);
        int seed = int.Parse(drawn.History.Options.Single(pair => pair.Key == "Seed").Value, CultureInfo.InvariantCulture);
        Assert.Equal(Examples.Bits(drawn.Model), Examples.Bits(Fit(seed).Model));
    }

    public static TheoryData<Optimizer, LearningRateSchedule, string> Chosen => new()
    {
        { Optimizer.RmsProp, LearningRateSchedule.Step,
            "LearningRate 0.001, RmsPropDecay 0.9, Epsilon 1E-08, Beta1 null, LearningRateDropFactor 0.1, LearningRateDropEpochs 10" },
        { Optimizer.GradientDescent, LearningRateSchedule.OnPlateau,
            "LearningRate 0.1, RmsPropDecay null, Epsilon null, L2Regularization 0, LearningRateDropEpochs 3" },
        { Optimizer.GradientDescent, LearningRateSchedule.InverseScaling, "InverseScalingPower 0.5, LearningRateDropFactor null" },
    };

    [Theory]
    [MemberData(nameof(Chosen))]
    public void Options_of_another_optimizer_or_schedule_are_null(Optimizer optimizer, LearningRateSchedule schedule, string expected)
    {
        Dictionary<string, string> texts = Examples.Trainer(_mlContext, options =>
            (options.Optimizer, options.LearningRateSchedule) = (optimizer, schedule))
            .Fit(_data).History.Options.ToDictionary();

        Assert.Equal(
            expected, string.Join(", ", expected.Split(", ").Select(pair => pair.Split(' ')[0]).Select(name => $"{name} {texts[name]}")));
    }

    [Fact]
    public void They_are_invariant_text_and_the_same_after_saving_and_loading()
    {
        using var folder = new TemporaryFolder();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = culture;
            TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options =>
            {
                options.LabelSmoothing = 0.1f;
                options.MaxNorm = 2.5f;
                options.ClassWeights = new Dictionary<string, float> { ["b"] = 1.5f, ["a"] = 0.25f };
                options.ValidationSet = _data;
                options.EpochCallback = _ => { };
            }).Fit(_data);
            _mlContext.Model.Save(model, _data.Schema, folder.File("model.zip"));

            var loaded = (TwoLayerNetworkTransformer)_mlContext.Model.Load(folder.File("model.zip"), out _);

            Dictionary<string, string> texts = loaded.History.Options.ToDictionary();
            Assert.Equal(model.History.Options, loaded.History.Options);
            Assert.Equal(("0.1", "2.5", "0.25", "1.5"),
                (texts["LabelSmoothing"], texts["MaxNorm"], texts["ClassWeights[a]"], texts["ClassWeights[b]"]));
            Assert.Equal(("(a data view)", "(a callback)", "null"),
                (texts["ValidationSet"], texts["EpochCallback"], texts["CheckpointPath"]));
            Assert.Equal(model.History.Epochs, loaded.History.Epochs);
            Assert.Equal((model.History.StopReason, model.History.BestEpoch), (loaded.History.StopReason, loaded.History.BestEpoch));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
