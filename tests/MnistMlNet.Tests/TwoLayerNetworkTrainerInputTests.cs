using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MnistMlNet.Tests;

/// <summary>
/// Input that can't be trained on fails before any row is read: in schema propagation and in <c>Fit</c>, as in ML.NET's own trainers.
/// </summary>
public sealed class TwoLayerNetworkTrainerInputTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    /// <summary>The column names (label, features, weight), then words of the expected message.</summary>
    public static TheoryData<string, string, string?, string[]> WrongColumns => new()
    {
        { "Nowhere", "Features", null, ["label", "Nowhere"] },
        { "Label", "Nowhere", null, ["feature", "Nowhere"] },
        { "Label", "Features", "Nowhere", ["weight", "Nowhere"] },
        { "Weight", "Features", null, ["label", "Weight", "Single", "Key<UInt32>", "Regression.Trainers.TwoLayerNetwork"] },
        { "Text", "Features", null, ["label", "Text", "String", "Key<UInt32>", "MapValueToKey(\"Text\")"] },
        { "Label", "Weight", null, ["feature", "Weight", "Vector<Single", "Single"] },
        { "Label", "Doubles", null, ["feature", "Doubles", "Vector<Double", "Vector<Single"] },
        { "Label", "Text", null, ["feature", "Text", "String", "Vector<Single"] },
        { "Label", "Features", "Id", ["weight", "Id", "Int32", "Single"] },
        { "Label", "Features", "Features", ["weight", "Features", "Vector<Single", "Single"] },
    };

    [Theory]
    [MemberData(nameof(WrongColumns))]
    public void A_wrong_column_fails_in_GetOutputSchema_and_in_Fit_with_ML_NET_s_exception_and_its_name_found_and_expected(
        string label, string features, string? weight, string[] words)
    {
        IDataView data = WithOtherTypes();
        SchemaShape shape = SchemaText.Shape(data.Schema);
        TwoLayerNetworkTrainer ours = _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(label, features, weight);
        LbfgsMaximumEntropyMulticlassTrainer lbfgs = _mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy(label, features,
            weight);

        Exception promise = Record.Exception(() => ours.GetOutputSchema(shape));
        Exception fit = Record.Exception(() => ours.Fit(data));

        Assert.IsType(Record.Exception(() => lbfgs.GetOutputSchema(shape)).GetType(), promise);
        Assert.IsType(Record.Exception(() => lbfgs.Fit(data)).GetType(), fit);
        Assert.All(words, word => Assert.Contains(word, promise.Message, StringComparison.Ordinal));
        Assert.All(words, word => Assert.Contains(word, fit.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_vector_of_unknown_size_fails_in_GetOutputSchema_and_in_Fit()
    {
        var schema = SchemaDefinition.Create(typeof(LabelRow<uint>));
        schema["Label"].ColumnType = new KeyDataViewType(typeof(uint), 3);
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single);
        IDataView data = _mlContext.Data.LoadFromEnumerable(LabelKinds.Rows<uint>(0, 1, 2), schema);
        SchemaShape shape = SchemaText.Shape(data.Schema);
        LbfgsMaximumEntropyMulticlassTrainer lbfgs = _mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy();

        Exception promise = Record.Exception(() => Examples.Trainer(_mlContext).GetOutputSchema(shape));
        Exception fit = Record.Exception(() => Examples.Trainer(_mlContext).Fit(data));

        Assert.IsType(Record.Exception(() => lbfgs.GetOutputSchema(shape)).GetType(), promise);
        Assert.IsType(Record.Exception(() => lbfgs.Fit(data)).GetType(), fit);
        Assert.Contains("'Features': expected Vector<Single>, got VarVector<Single>", promise.Message, StringComparison.Ordinal);
        Assert.Contains("'Features': expected Vector<Single> of known size, got Vector<Single>", fit.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_class_only_fails_and_says_how_many_classes_are_required()
    {
        var schema = SchemaDefinition.Create(typeof(LabelRow<uint>));
        schema["Label"].ColumnType = new KeyDataViewType(typeof(uint), 1);
        IDataView data = _mlContext.Data.LoadFromEnumerable(LabelKinds.Rows<uint>(0), schema);

        var e = Assert.Throws<ArgumentOutOfRangeException>(() => Examples.Trainer(_mlContext).Fit(data));

        Assert.Contains("'Label' has 1 class; 2 to ", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(DataKind.Byte)]
    [InlineData(DataKind.UInt16)]
    [InlineData(DataKind.UInt32)]
    [InlineData(DataKind.UInt64)]
    public void A_key_of_any_width_trains_the_same_network(DataKind kind)
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(30));
        IDataView converted = _mlContext.Transforms.Conversion.ConvertType("Label", outputKind: kind).Fit(data).Transform(data);
        Assert.IsType<KeyDataViewType>(converted.Schema["Label"].Type);
        Assert.Equal(kind.ToString(), converted.Schema["Label"].Type.RawType.Name);

        Assert.Equal(Examples.Bits(Examples.Trainer(_mlContext).Fit(data).Model),
            Examples.Bits(Examples.Trainer(_mlContext).Fit(converted).Model));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Another_number_of_features_at_scoring_fails_with_both_numbers(int features)
    {
        TwoLayerNetworkTransformer transformer = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));
        var schema = SchemaDefinition.Create(typeof(LabelRow<uint>));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        IDataView other = _mlContext.Data.LoadFromEnumerable<LabelRow<uint>>([], schema);

        Assert.All(
            new Action[] { () => transformer.GetOutputSchema(other.Schema), () => transformer.Transform(other), () =>
                transformer.GetRowToRowMapper(other.Schema) },
            use =>
            {
                var e = Assert.Throws<ArgumentOutOfRangeException>(use);
                Assert.Contains("'Features'", e.Message, StringComparison.Ordinal);
                Assert.Contains("Vector<Single, 4>", e.Message, StringComparison.Ordinal);
                Assert.Contains($"Vector<Single, {features}>", e.Message, StringComparison.Ordinal);
            });
    }

    [Fact]
    public void Scoring_without_the_feature_column_fails_with_its_name()
    {
        TwoLayerNetworkTransformer transformer = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));
        IDataView data = Examples.View(_mlContext, Examples.Rows(3));
        IDataView other = _mlContext.Transforms.DropColumns("Features").Fit(data).Transform(data);

        var e = Assert.Throws<ArgumentOutOfRangeException>(() => transformer.Transform(other));

        Assert.Contains("'Features'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_input_at_all_is_refused()
    {
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext);
        TwoLayerNetworkTransformer transformer = trainer.Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));

        Assert.Throws<ArgumentNullException>("input", () => trainer.Fit(null!));
        Assert.Throws<ArgumentNullException>("inputSchema", () => trainer.GetOutputSchema(null!));
        Assert.Throws<ArgumentNullException>("input", () => transformer.Transform(null!));
        Assert.Throws<ArgumentNullException>(() => transformer.GetOutputSchema(null!));
        Assert.Throws<ArgumentNullException>(() => transformer.GetRowToRowMapper(null!));
    }

    private IDataView WithOtherTypes()
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(9));
        return _mlContext.Transforms.Conversion.MapKeyToValue("Text", "Label")
            .Append(_mlContext.Transforms.Conversion.ConvertType("Doubles", "Features", DataKind.Double))
            .Fit(data).Transform(data);
    }
}
