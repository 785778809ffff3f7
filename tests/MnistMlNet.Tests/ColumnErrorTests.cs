using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>Errors about columns: ML.NET's own type and words, then what to do.</summary>
public sealed class ColumnErrorTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _rows;

    public ColumnErrorTests() => _rows = _mlContext.Data.LoadFromEnumerable(
        Enumerable.Range(0, 10).Select(i => new TypedRow { Text = "a", Key = (uint)(i % 2) }));

    private SchemaShape Shape => SchemaText.Shape(_rows.Schema);

    [Theory]
    [InlineData("Features", "Numbers", "Append Conversion.ConvertType(\"Numbers\")")]
    [InlineData("Features", "Double", "Conversion.ConvertType(\"Double\") before, and Concatenate")]
    [InlineData("Features", "Number", "Concatenate(\"Number\", …)")]
    [InlineData("Features", "Text", "Categorical.OneHotEncoding(\"Text\")|Text.FeaturizeText(\"Text\")")]
    [InlineData("Features", "Key", "Conversion.MapKeyToVector(\"Key\")")]
    [InlineData("Features", "Unsized", "[VectorType(n)]")]
    [InlineData("Label", "Text", "Conversion.MapValueToKey(\"Text\")|BinaryClassification.Trainers.TwoLayerNetwork")]
    [InlineData("Label", "Number", "Conversion.MapValueToKey(\"Number\")|Regression.Trainers.TwoLayerNetwork")]
    [InlineData("Label", "Boolean", "Conversion.MapValueToKey(\"Boolean\")|BinaryClassification.Trainers.TwoLayerNetwork")]
    [InlineData("Weight", "Double", "Conversion.ConvertType(\"Double\")")]
    public void A_column_of_another_type_is_refused_with_what_to_append(string role, string column, string remedies)
    {
        var options = new TwoLayerNetworkTrainer.Options { LabelColumnName = "Key", FeatureColumnName = "Floats" };
        switch (role)
        {
            case "Label":
                options.LabelColumnName = column;
                break;
            case "Features":
                options.FeatureColumnName = column;
                break;
            default:
                options.ExampleWeightColumnName = column;
                break;
        }

        TwoLayerNetworkTrainer trainer = _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options);
        string start = $"Schema mismatch for {(role == "Features" ? "feature" : role.ToLowerInvariant())} column '{column}': expected ";
        foreach (string message in new[]
        {
            Assert.Throws<ArgumentOutOfRangeException>("input", () => trainer.Fit(_rows)).Message,
            Assert.Throws<ArgumentOutOfRangeException>("inputSchema", () => trainer.GetOutputSchema(Shape)).Message,
        })
        {
            Assert.StartsWith(start, message, StringComparison.Ordinal);
            Assert.All(remedies.Split('|'), remedy => Assert.Contains(remedy, message, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("floats", "Did you mean 'Floats'? The columns are ")]
    [InlineData("Flots", "Did you mean 'Floats'? The columns are ")]
    [InlineData("Something", "Could not find feature column 'Something'. The columns are 'Text', 'Key', ")]
    public void A_missing_column_is_refused_with_the_columns_there_are(string name, string expected)
    {
        TwoLayerNetworkTrainer trainer =
            _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(labelColumnName: "Key", featureColumnName: name);

        Exception fit = Assert.Throws<ArgumentOutOfRangeException>("input", () => trainer.Fit(_rows));
        Exception shape = Assert.Throws<ArgumentOutOfRangeException>(
            "inputSchema", () => trainer.GetOutputSchema(Shape));

        Assert.StartsWith($"Could not find feature column '{name}'. ", fit.Message, StringComparison.Ordinal);
        Assert.Contains(expected, fit.Message, StringComparison.Ordinal);
        Assert.StartsWith($"Could not find feature column '{name}'. ", shape.Message, StringComparison.Ordinal);
        Assert.Single(fit.Message.Split("(Parameter").Skip(1));
    }

    [Fact]
    public void A_missing_column_has_the_marks_of_ML_NET_s_own_error()
    {
        Exception own = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _mlContext.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key", "Missing").Fit(_rows));
        Exception ours = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork("Key", "Missing").Fit(_rows));

        Assert.NotEmpty(own.Data);
        Assert.Equal(own.Data.Keys.Cast<string>(), ours.Data.Keys.Cast<string>());
    }

    [Fact]
    public void A_scorer_names_the_columns_there_are()
    {
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(30)));

        Assert.StartsWith(
            "Could not find feature column 'Features'. The columns are 'Text', 'Key', ",
            Assert.Throws<ArgumentOutOfRangeException>("inputSchema", () => model.Transform(_rows)).Message, StringComparison.Ordinal);
    }

    private sealed class TypedRow
    {
        public string Text { get; set; } = "";

        [KeyType(2)]
        public uint Key { get; set; }

        public bool Boolean { get; set; }

        public float Number { get; set; }

        public double Double { get; set; }

        [VectorType(2)]
        public double[] Numbers { get; set; } = [1, 2];

        [VectorType(2)]
        public float[] Floats { get; set; } = [1, 2];

        public float[] Unsized { get; set; } = [1, 2];
    }
}
