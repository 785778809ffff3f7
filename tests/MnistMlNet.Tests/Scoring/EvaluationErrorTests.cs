using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Scoring;

/// <summary>What the evaluations of many outputs and labels refuse, with the column, the value found and the value expected.</summary>
public sealed class EvaluationErrorTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData("Nothing", "Score", null, "no label column 'Nothing'; its columns are Label, Score, Weight, Key, Flags, Open, Two")]
    [InlineData("Label", "Nothing", null, "data has no score column 'Nothing'")]
    [InlineData("Label", "Score", "Nothing", "data has no weight column 'Nothing'")]
    [InlineData("Key", "Score", null, "label column 'Key' is of the type Key<UInt32, 0-2>; Single, or a vector of Single of known size")]
    [InlineData("Open", "Score", null, "label column 'Open' is of the type Vector<Single>; Single, or a vector of Single of known size")]
    [InlineData("Label", "Flags", null, "score column 'Flags' is of the type Vector<Boolean, 3>; Single, or a vector")]
    [InlineData("Label", "Score", "Score", "weight column 'Score' is of the type Vector<Single, 3>; Single is expected")]
    [InlineData("Label", "Two", null, "label column 'Label' has 3 values in a row and the score column 'Two' has 2")]
    [InlineData("Weight", "Score", null, "label column 'Weight' has 1 values in a row and the score column 'Score' has 3")]
    public void EvaluateMultiOutput_WrongColumn_IsRefused(string label, string score, string? weight, string message)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => _mlContext.Regression.EvaluateMultiOutput(View(new Row()), label, score, weight));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("ColumnName", error.ParamName, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Nothing", "Score", "Flags", "data has no label column 'Nothing'")]
    [InlineData("Label", "Nothing", "Flags", "data has no probability column 'Nothing'")]
    [InlineData("Label", "Score", "Nothing", "data has no predicted-label column 'Nothing'")]
    [InlineData("Key", "Score", "Flags", "label column 'Key' is of the type Key<UInt32, 0-2>; a vector of Boolean or Single of known size")]
    [InlineData("Weight", "Score", "Flags", "label column 'Weight' is of the type Single; a vector of Boolean or Single of known size")]
    [InlineData("Label", "Flags", "Flags", "probability column 'Flags' is of the type Vector<Boolean, 3>; a vector of Single")]
    [InlineData("Label", "Score", "Score", "predicted-label column 'Score' is of the type Vector<Single, 3>; a vector of Boolean")]
    [InlineData("Label", "Two", "Flags", "has 3 values in a row and the probability column 'Two' has 2")]
    [InlineData("Two", "Two", "Flags", "has 2 values in a row and the predicted-label column 'Flags' has 3")]
    public void EvaluateMultilabel_WrongColumn_IsRefused(string label, string probability, string predicted, string message)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => _mlContext.MulticlassClassification.EvaluateMultilabel(View(new Row()), label, probability, predicted));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.EndsWith("ColumnName", error.ParamName, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.PositiveInfinity, 0, 1, "Row 1 of the label column 'Label' has Infinity for the output '2'; a finite number, or NaN")]
    [InlineData(0, float.NaN, 1, "Row 1 of the score column 'Score' has NaN for the output '2'; a finite number is expected")]
    [InlineData(0, float.NegativeInfinity, 1, "Row 1 of the score column 'Score' has -Infinity for the output '2'")]
    [InlineData(0, 0, -0.5f, "Row 1 of the weight column 'Weight' has the weight -0.5; a finite number, 0 or above, is expected")]
    [InlineData(0, 0, float.NaN, "Row 1 of the weight column 'Weight' has the weight NaN")]
    [InlineData(0, 0, float.PositiveInfinity, "Row 1 of the weight column 'Weight' has the weight Infinity")]
    public void EvaluateMultiOutput_WrongValue_IsRefusedByItsRow(float label, float score, float weight, string message) => Refused(
        message,
        () => _mlContext.Regression.EvaluateMultiOutput(
            View(new Row(), new Row { Label = [0, 0, label], Score = [0, 0, score], Weight = weight }), exampleWeightColumnName: "Weight"));

    [Theory]
    [InlineData(0.5f, 0, "Row 1 of the label column 'Label' has 0.5 for the label '2'; 0, 1 or NaN for a missing entry is expected")]
    [InlineData(float.PositiveInfinity, 0, "Row 1 of the label column 'Label' has Infinity for the label '2'")]
    [InlineData(1, float.NaN, "Row 1 of the probability column 'Score' has NaN for the label '2'; 0 to 1 is expected")]
    [InlineData(1, 1.5f, "Row 1 of the probability column 'Score' has 1.5 for the label '2'")]
    [InlineData(0, -0.25f, "Row 1 of the probability column 'Score' has -0.25 for the label '2'")]
    public void EvaluateMultilabel_WrongValue_IsRefusedByItsRow(float label, float probability, string message) => Refused(
        message,
        () => _mlContext.MulticlassClassification.EvaluateMultilabel(
            View(new Row(), new Row { Label = [0, 0, label], Score = [0, 0, probability] }), "Label", "Score", "Flags"));

    [Fact]
    public void Evaluations_WithoutRows_AreRefused()
    {
        IDataView none = _mlContext.Data.SkipRows(View(new Row()), 1);

        Refused("data has no rows to evaluate", () => _mlContext.Regression.EvaluateMultiOutput(none));
        Refused("data has no rows to evaluate",
            () => _mlContext.MulticlassClassification.EvaluateMultilabel(none, "Label", "Score", "Flags"));
    }

    [Fact]
    public void Evaluations_WithoutAKnownLabel_AreRefusedWithTheNumberOfRows()
    {
        Row missing = new() { Label = [float.NaN, float.NaN, float.NaN] };

        Refused("None of the 3 rows of data can be evaluated: 1 have the weight 0, and all labels of the others in column 'Label'",
            () => _mlContext.Regression.EvaluateMultiOutput(
                View(missing, new Row { Weight = 0 }, missing), exampleWeightColumnName: "Weight"));
        Refused("None of the 2 rows of data can be evaluated: 0 have the weight 0",
            () => _mlContext.MulticlassClassification.EvaluateMultilabel(View(missing, missing), "Label", "Score", "Flags"));
    }

    [Fact]
    public void Evaluations_RowOfAnotherLengthOrWithWrongIndices_AreRefusedByTheRow()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable((VectorRow[])[new(), new() { Short = new(2, [1, 2]) }]);
        IDataView sparse = _mlContext.Data.LoadFromEnumerable((VectorRow[])[new(), new() { Short = new(3, 2, [1, 2], [2, 1]) }]);

        Refused("Row 1 of column 'Short' has 2 values; 3 are expected",
            () => _mlContext.Regression.EvaluateMultiOutput(data, "Short", "Good"));
        Refused("Row 1 of column 'Short' has 2 values; 3 are expected",
            () => _mlContext.Regression.EvaluateMultiOutput(data, "Good", "Short"));
        Refused("Row 1 of column 'Short' is sparse, and index 1 comes after 2",
            () => _mlContext.Regression.EvaluateMultiOutput(sparse, "Good", "Short"));
    }

    [Fact]
    public void Evaluations_SameSlotNamesInAnotherOrder_AreRefused()
    {
        IDataView rows = View(new Row(), new Row());
        IDataView data = _mlContext.Transforms.CopyColumns("a", "Weight").Append(_mlContext.Transforms.CopyColumns("b", "Weight"))
            .Append(_mlContext.Transforms.Concatenate("ab", "a", "b")).Append(_mlContext.Transforms.Concatenate("ba", "b", "a"))
            .Fit(rows).Transform(rows);

        ArgumentException error = Assert.Throws<ArgumentException>(() => _mlContext.Regression.EvaluateMultiOutput(data, "ab", "ba"));

        Assert.Contains("same slot names in another order: slot 0 is 'a' in the one and 'b' in the other", error.Message,
            StringComparison.Ordinal);
        Assert.Equal(2, _mlContext.Regression.EvaluateMultiOutput(data, "ab", "ab").Outputs.Count);
        Assert.Equal(2, _mlContext.Regression.EvaluateMultiOutput(data, "ab", "Two").Outputs.Count);
    }

    [Fact]
    public void Evaluations_NullArguments_AreRefused()
    {
        IDataView data = View(new Row());

        Assert.Throws<ArgumentNullException>("catalog", () => ((RegressionCatalog)null!).EvaluateMultiOutput(data));
        Assert.Throws<ArgumentNullException>("data", () => _mlContext.Regression.EvaluateMultiOutput(null!));
        Assert.Throws<ArgumentNullException>("labelColumnName", () => _mlContext.Regression.EvaluateMultiOutput(data, null!));
        Assert.Throws<ArgumentException>("scoreColumnName", () => _mlContext.Regression.EvaluateMultiOutput(data, "Label", ""));
        Assert.Throws<ArgumentNullException>("catalog", () => ((MulticlassClassificationCatalog)null!).EvaluateMultilabel(data));
        Assert.Throws<ArgumentNullException>("data", () => _mlContext.MulticlassClassification.EvaluateMultilabel(null!));
    }

    private static void Refused(string message, Action evaluate) =>
        Assert.Contains(message, Assert.Throws<InvalidOperationException>(evaluate).Message, StringComparison.Ordinal);

    private IDataView View(params Row[] rows) => _mlContext.Data.LoadFromEnumerable(rows);

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Label { get; set; } = [0, 1, 0];

        [VectorType(3)]
        public float[] Score { get; set; } = [0, 1, 0.5f];

        public float Weight { get; set; } = 1;

        [KeyType(3)]
        public uint Key { get; set; } = 1;

        [VectorType(3)]
        public bool[] Flags { get; set; } = [false, true, false];

        public float[] Open { get; set; } = [1];

        [VectorType(2)]
        public float[] Two { get; set; } = [0, 1];
    }

    private sealed class VectorRow
    {
        [VectorType(3)]
        public VBuffer<float> Good { get; set; } = new(3, [1, 2, 3]);

        [VectorType(3)]
        public VBuffer<float> Short { get; set; } = new(3, [1, 2, 3]);
    }
}
