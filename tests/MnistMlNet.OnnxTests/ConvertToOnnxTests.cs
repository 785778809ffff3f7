using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.OnnxTests;

/// <summary>
/// ML.NET's own export, <c>ConvertToOnnx</c> of the package Microsoft.ML.OnnxConverter: it asks each step for its nodes. The columns that
/// ML.NET gives for the same rows are the expected values. Some rows have a feature that isn't finite.
/// </summary>
public sealed class ConvertToOnnxTests : IDisposable
{
    private const int Rows = 60;

    private readonly TemporaryFile _file = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _train;
    private readonly IDataView _test;
    private readonly IDataView _finite;

    public ConvertToOnnxTests()
    {
        TaskRow[] tests = TaskRow.Make(Rows, seed: 2);
        tests[3].Length = float.NaN;
        tests[7].Colour[2] = float.PositiveInfinity;
        _train = _mlContext.Data.LoadFromEnumerable(TaskRow.Make(300, seed: 1));
        _finite = _mlContext.Data.LoadFromEnumerable(TaskRow.Make(Rows, seed: 2));
        _test = _mlContext.Data.LoadFromEnumerable(tests);
    }

    public static IEnumerable<object[]> Activations =>
        from activation in Enum.GetValues<Activation>()
        from opset in new[] { 9, 12 }
        select new object[] { activation, opset };

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Activations))]
    public void Many_classes_get_their_scores_and_the_key_of_the_label(Activation activation, int opset)
    {
        ITransformer chain = Features(_mlContext.Transforms.Conversion.MapValueToKey("Class", "Count"))
            .Append(_mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
            {
                LabelColumnName = "Class",
                Activation = activation,
                NumberOfEpochs = 5,
            })).Fit(_train);
        foreach (ITransformer model in new[] { chain, Reload(chain) })
        {
            OnnxOutputs outputs = Run(model, opset);

            IDataView scored = model.Transform(_test);
            float[][] scores = [.. scored.GetColumn<float[]>("Score")];
            Check.CloseOrMissing([.. scores.SelectMany(row => row)], outputs.Get<float>("Score.output", scores[0].Length));
            Assert.Equal(scored.GetColumn<uint>("PredictedLabel"), outputs.Get<uint>("PredictedLabel.output", 1));
        }
    }

    [Fact]
    public void Many_classes_with_MapKeyToValue_get_the_value_of_the_label()
    {
        ITransformer chain = Features(_mlContext.Transforms.Conversion.MapValueToKey("Class", "Count"))
            .Append(_mlContext.MulticlassClassification.Trainers.TwoLayerNetwork("Class", numberOfEpochs: 30))
            .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(_train);

        OnnxOutputs outputs = Run(chain, 12);

        // Where the label is missing, ML.NET's step gives NaN; in its own file, the value of its table for 0 isn't defined.
        float[] expected = [.. chain.Transform(_test).GetColumn<float>("PredictedLabel")];
        float[] actual = outputs.Get<float>("PredictedLabel.output", 1);
        Assert.Equal(2, expected.Count(float.IsNaN));
        Assert.All(expected.Zip(actual).Where(pair => !float.IsNaN(pair.First)), pair => Assert.Equal(pair.First, pair.Second));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_classes_get_score_probability_and_label(bool isThresholdChanged)
    {
        ITransformer start = Features().Fit(_train);
        var network = _mlContext.BinaryClassification.Trainers.TwoLayerNetwork("Flag", numberOfEpochs: 20).Fit(start.Transform(_train));
        ITransformer chain = new TransformerChain<ITransformer>(
            start, isThresholdChanged ? _mlContext.BinaryClassification.ChangeModelThreshold(network, 0.9f) : network);
        foreach (ITransformer model in new[] { chain, Reload(chain) })
        {
            // ML.NET's own step adds the label, by an operator (Binarizer) that ONNX Runtime refuses to run on NaN.
            OnnxOutputs outputs = Run(model, 12, _finite);

            IDataView scored = model.Transform(_finite);
            Check.CloseOrMissing([.. scored.GetColumn<float>("Score")], outputs.Get<float>("Score.output", 1));
            Check.CloseOrMissing([.. scored.GetColumn<float>("Probability")], outputs.Get<float>("Probability.output", 1));
            Assert.Equal(scored.GetColumn<bool>("PredictedLabel"), outputs.Get<bool>("PredictedLabel.output", 1));
        }
    }

    [Theory]
    [InlineData("Amount", RegressionLoss.Squared)]
    [InlineData("Amounts", RegressionLoss.Squared)]
    [InlineData("Count", RegressionLoss.Poisson)]
    public void Numbers_and_counts_get_their_scores(string label, RegressionLoss loss)
    {
        ITransformer chain = Features().Append(
            _mlContext.Regression.Trainers.TwoLayerNetwork(new TwoLayerNetworkRegressionTrainer.Options
            {
                LabelColumnName = label,
                Loss = loss,
                NumberOfEpochs = 20,
            })).Fit(_train);

        OnnxOutputs outputs = Run(chain, 9);

        IDataView scored = chain.Transform(_test);
        float[][] expected = label == "Amounts"
            ? [.. scored.GetColumn<float[]>("Score")]
            : [.. scored.GetColumn<float>("Score").Select(score => new[] { score })];
        float[] actual = outputs.Get<float>("Score.output", expected[0].Length);
        for (int k = 0; k < expected[0].Length; k++)
        {
            float unit = expected.Select(row => row[k]).Where(float.IsFinite).Max(Math.Abs);
            Check.CloseOrMissing(
                [.. expected.Select(row => row[k] / unit)], [.. actual.Chunk(expected[0].Length).Select(row => row[k] / unit)]);
        }
    }

    [Fact]
    public void Several_labels_get_their_probabilities_and_labels()
    {
        ITransformer chain = Features().Append(_mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel(
            new TwoLayerNetworkMultilabelTrainer.Options { LabelColumnName = "Answers", NumberOfEpochs = 30 })).Fit(_train);

        OnnxOutputs outputs = Run(chain, 9);

        IDataView scored = chain.Transform(_test);
        Check.CloseOrMissing(
            [.. scored.GetColumn<float[]>("Probability").SelectMany(row => row)], outputs.Get<float>("Probability.output", 3));
        Assert.Equal(
            scored.GetColumn<bool[]>("PredictedLabel").SelectMany(row => row), outputs.Get<bool>("PredictedLabel.output", 3));
    }

    [Fact]
    public void A_column_named_like_a_constant_of_the_network_keeps_its_value()
    {
        IEstimator<ITransformer> features = _mlContext.Transforms.CopyColumns("b1", "Length").Append(Features());
        ITransformer chain = features.Append(_mlContext.Regression.Trainers.TwoLayerNetwork("Amount", numberOfEpochs: 2)).Fit(_train);

        OnnxOutputs outputs = Run(chain, 12);

        Assert.Equal(chain.Transform(_test).GetColumn<float>("b1"), outputs.Get<float>("b1.output", 1));
    }

    [Fact]
    public void A_step_that_ML_NET_leaves_out_is_an_error_and_no_file_without_the_network()
    {
        ITransformer chain = _mlContext.Transforms.CustomMapping<TaskRow, Twice>((from, to) => to.Double = 2 * from.Length, null)
            .Append(_mlContext.Transforms.Concatenate("Features", "Double", "Length"))
            .Append(_mlContext.Regression.Trainers.TwoLayerNetwork("Amount", numberOfEpochs: 1)).Fit(_train);
        using var stream = new MemoryStream();

        Exception e = Assert.ThrowsAny<Exception>(() => _mlContext.Model.ConvertToOnnx(chain, _train, stream));

        Assert.Contains("'Features'", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, stream.Length);
    }

    private IEstimator<ITransformer> Features(IEstimator<ITransformer>? first = null)
    {
        IEstimator<ITransformer> features = _mlContext.Transforms.NormalizeMeanVariance("Length", fixZero: false)
            .Append(_mlContext.Transforms.Concatenate("Features", "Length", "Colour"));
        return first is null ? features : first.Append(features);
    }

    private ITransformer Reload(ITransformer chain)
    {
        using var zip = new MemoryStream();
        _mlContext.Model.Save(chain, _train.Schema, zip);
        zip.Position = 0;
        return new MLContext().Model.Load(zip, out _);
    }

    private OnnxOutputs Run(ITransformer chain, int opset, IDataView? rows = null)
    {
        using (FileStream stream = File.Create(_file.Path))
        {
            _mlContext.Model.ConvertToOnnx(chain, _train, opset, stream);
        }

        return OnnxRows.Run(_file.Path, rows ?? _test);
    }

    private sealed class Twice
    {
        public float Double { get; set; }
    }
}
