using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Tests.Serialization.Model;

public sealed class SavedModelTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Kinds => LabelKinds.All;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_loaded_model_gives_the_same_schema_with_the_key_values_of_any_type(string kind)
    {
        IDataView data = LabelKinds.View(_mlContext, kind);
        TwoLayerNetworkTransformer saved = Examples.Trainer(_mlContext).Fit(data);

        TwoLayerNetworkTransformer loaded = Assert.IsType<TwoLayerNetworkTransformer>(Reload(saved, data.Schema));

        Assert.Equal(SchemaText.Lines(saved.GetOutputSchema(data.Schema)), SchemaText.Lines(loaded.GetOutputSchema(data.Schema)));
        Assert.Equal(saved.Model.ClassNames.ToArray(), loaded.Model.ClassNames.ToArray());
        Assert.Equal(Examples.Scores(saved.Transform(data)), Examples.Scores(loaded.Transform(data)));
    }

    [Fact]
    public void A_loaded_model_has_the_parameters_the_history_and_the_column_of_the_saved_one()
    {
        IDataView data = Examples.Keyed(_mlContext, [.. Examples.Rows(40), Examples.Rows(1)[0].With(label: "")]);
        data = _mlContext.Transforms.CopyColumns("Größe", "Features").Fit(data).Transform(data);
        TwoLayerNetworkTransformer saved = Examples.Trainer(_mlContext, options =>
            (options.FeatureColumnName, options.Activation) = ("Größe", Activation.Tanh)).Fit(data, data);

        var loaded = (TwoLayerNetworkTransformer)Reload(saved, data.Schema);

        Assert.Equal(Examples.Bits(saved.Model), Examples.Bits(loaded.Model));
        Assert.Equal(Activation.Tanh, loaded.Model.Activation);
        Assert.Equal("Größe", loaded.FeatureColumnName);
        Assert.Equal(saved.FeatureColumnType, loaded.FeatureColumnType);
        Assert.Equal(saved.History.Epochs, loaded.History.Epochs);
        Assert.Equal(
            (saved.History.BestEpoch, saved.History.StopReason, 40L, 1L, saved.History.BatchSize),
            (loaded.History.BestEpoch, loaded.History.StopReason, loaded.History.RowsTrained, loaded.History.RowsSkipped,
                loaded.History.BatchSize));
    }

    [Fact]
    public void A_loaded_chain_gives_the_same_scores_and_labels_and_can_be_saved_again()
    {
        IDataView data = Examples.View(_mlContext, Examples.Rows(60));
        TransformerChain<KeyToValueMappingTransformer> chain = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(_mlContext.Transforms.NormalizeMinMax("Features"))
            .Append(Examples.Trainer(_mlContext))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);

        ITransformer loaded = Reload(chain, data.Schema), again = Reload(loaded, data.Schema);

        Assert.IsType<TwoLayerNetworkTransformer>(Assert.IsType<TransformerChain<ITransformer>>(again).ElementAt(2));
        Assert.Equal(Examples.Scores(chain.Transform(data)), Examples.Scores(again.Transform(data)));
        Assert.Equal(chain.Transform(data).GetColumn<string>("PredictedLabel"), again.Transform(data).GetColumn<string>("PredictedLabel"));
        Assert.Equal(SchemaText.Lines(chain.GetOutputSchema(data.Schema)), SchemaText.Lines(again.GetOutputSchema(data.Schema)));
    }

    [Fact]
    public void The_same_seed_saves_the_same_model_but_for_the_time_it_took()
    {
        byte[] Payload()
        {
            var mlContext = new MLContext(seed: 1);
            IDataView data = Examples.Keyed(mlContext, Examples.Rows(40));
            TwoLayerNetworkTransformer trained = Examples.Trainer(mlContext, options => options.Seed = null).Fit(data);
            var timeless = new TrainingHistory(
                [.. trained.History.Epochs.Select(epoch => epoch with { Elapsed = default })],
                trained.History.BestEpoch, Stop.EpochLimit, trained.History.RowsTrained, trained.History.RowsSkipped,
                trained.History.BatchSize);
            var transformer = new TwoLayerNetworkTransformer(mlContext, trained.Model, trained.FeatureColumnName, trained.Labels, timeless);
            return SavedZip.Payload(SavedZip.Save(mlContext, transformer, data.Schema));
        }

        Assert.Equal(Payload(), Payload());
    }

    private static ITransformer Reload(ITransformer transformer, DataViewSchema schema) =>
        SavedZip.Load(new MLContext(seed: 2), SavedZip.Save(new MLContext(seed: 3), transformer, schema));
}
