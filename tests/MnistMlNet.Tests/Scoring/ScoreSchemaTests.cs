using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace MnistMlNet.Tests.Scoring;

/// <summary>The expected values come from ML.NET's own trainer in the same pipeline.</summary>
public sealed class ScoreSchemaTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Kinds => LabelKinds.All;

    public static TheoryData<string> NotText => LabelKinds.NotText;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Columns_and_annotations_are_those_of_LbfgsMaximumEntropy_whatever_the_label(string kind)
    {
        IDataView data = LabelKinds.View(_mlContext, kind);

        Assert.Equal(
            SchemaText.Lines(Lbfgs(data).GetOutputSchema(data.Schema)),
            WithoutExtraSlotNames(SchemaText.Lines(Ours(data).GetOutputSchema(data.Schema)), kind));
    }

    [Theory]
    [MemberData(nameof(NotText))]
    public void Slot_names_are_the_key_values_as_text_where_ML_NET_has_none(string kind)
    {
        IDataView data = LabelKinds.View(_mlContext, kind);
        DataViewSchema.Column score = Ours(data).GetOutputSchema(data.Schema)["Score"];

        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);

        string[] expected = [.. SchemaText.Annotations(score).Single(line =>
            line.StartsWith("TrainingLabelValues", StringComparison.Ordinal)).Split(" = ")[1].Split(", ")];
        Assert.Equal(expected, names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Columns_and_annotations_are_those_of_LbfgsMaximumEntropy_where_labels_are_missing()
    {
        IDataView data = Examples.Keyed(_mlContext, [.. Examples.Rows(30), Examples.Rows(1)[0].With(label: "")]);
        Assert.Contains(0u, data.GetColumn<uint>("Label"));

        Assert.Equal(SchemaText.Lines(Lbfgs(data).GetOutputSchema(data.Schema)), SchemaText.Lines(Ours(data).GetOutputSchema(data.Schema)));
    }

    [Theory]
    [InlineData("Score")]
    [InlineData("PredictedLabel")]
    [InlineData("Score", "PredictedLabel")]
    [InlineData("PredictedLabel", "Score")]
    public void Existing_columns_of_the_same_names_are_hidden_as_ML_NET_hides_them(params string[] existing)
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(30));
        foreach (string name in existing)
        {
            data = _mlContext.Transforms.CopyColumns(name, "Weight").Fit(data).Transform(data);
        }

        Assert.Equal(SchemaText.Lines(Lbfgs(data).GetOutputSchema(data.Schema)), SchemaText.Lines(Ours(data).GetOutputSchema(data.Schema)));
    }

    [Fact]
    public void Applied_twice_and_after_another_scorer_the_columns_are_ML_NET_s()
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(30));
        TwoLayerNetworkTransformer ours = Ours(data);
        MulticlassPredictionTransformer<MaximumEntropyModelParameters> lbfgs = Lbfgs(data);

        Assert.Equal(
            SchemaText.Lines(lbfgs.GetOutputSchema(lbfgs.GetOutputSchema(lbfgs.GetOutputSchema(data.Schema)))),
            SchemaText.Lines(ours.GetOutputSchema(lbfgs.GetOutputSchema(ours.GetOutputSchema(data.Schema)))));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_shape_of_GetOutputSchema_is_that_of_LbfgsMaximumEntropy(string kind)
    {
        SchemaShape shape = SchemaText.Shape(LabelKinds.View(_mlContext, kind).Schema);

        Assert.Equal(
            SchemaText.Lines(_mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy().GetOutputSchema(shape)),
            WithoutExtraSlotNames(SchemaText.Lines(Examples.Trainer(_mlContext).GetOutputSchema(shape)), kind));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_delivered_schema_has_the_shape_of_GetOutputSchema(string kind)
    {
        IDataView data = LabelKinds.View(_mlContext, kind);

        string[] promised = SchemaText.Lines(Examples.Trainer(_mlContext).GetOutputSchema(SchemaText.Shape(data.Schema)));

        Assert.Equal(promised, SchemaText.Lines(SchemaText.Shape(Ours(data).GetOutputSchema(data.Schema))));
    }

    [Fact]
    public void The_view_the_cursor_the_mapper_and_GetOutputSchema_have_one_schema()
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(30));
        TwoLayerNetworkTransformer transformer = Ours(data);
        IRowToRowMapper mapper = transformer.GetRowToRowMapper(data.Schema);
        IDataView scored = transformer.Transform(data);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);

        Assert.Same(data.Schema, mapper.InputSchema);
        Assert.Same(scored.Schema, cursor.Schema);
        string[] expected = SchemaText.Lines(transformer.GetOutputSchema(data.Schema));
        Assert.Equal(expected, SchemaText.Lines(scored.Schema));
        Assert.Equal(expected, SchemaText.Lines(mapper.OutputSchema));
    }

    /// <summary>ML.NET has no slot names for keys that aren't text; ours are tested above.</summary>
    private static string[] WithoutExtraSlotNames(string[] lines, string kind) =>
        [.. lines.Where(line => kind == LabelKinds.Text || !line.Contains("SlotNames", StringComparison.Ordinal))];

    private MulticlassPredictionTransformer<MaximumEntropyModelParameters> Lbfgs(IDataView data) =>
        _mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(data);

    private TwoLayerNetworkTransformer Ours(IDataView data) => Examples.Trainer(_mlContext).Fit(data);
}
