using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.OnnxTests;

/// <summary>
/// Chains for two classes, numbers, counts and several labels, as fitted and as loaded by ML.NET. The columns that ML.NET gives for the
/// same rows are the expected values. Some rows have a feature that isn't finite.
/// </summary>
public sealed class TaskChainTests : IDisposable
{
    private const int Rows = 60;

    private readonly TemporaryFile _file = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _tests = TaskRow.Make(Rows, seed: 2);
    private readonly IDataView _train;
    private readonly IDataView _test;

    public TaskChainTests()
    {
        _tests[3].Length = float.NaN;
        _tests[7].Colour[2] = float.PositiveInfinity;
        _tests[9].Colour[0] = float.NaN;
        _train = _mlContext.Data.LoadFromEnumerable(TaskRow.Make(300, seed: 1));
        _test = _mlContext.Data.LoadFromEnumerable(_tests);
    }

    public void Dispose() => _file.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_chain_for_two_classes_gives_ML_NET_s_score_probability_and_label(bool isLoaded)
    {
        ITransformer chain = Chain(_mlContext.BinaryClassification.Trainers.TwoLayerNetwork("Flag", numberOfEpochs: 30), isLoaded);

        OnnxOutputs outputs = Run(chain);

        AssertBinary(chain, outputs);
    }

    [Theory]
    [InlineData(false, "Score")]
    [InlineData(true, "Score")]
    [InlineData(false, "Probability")]
    [InlineData(true, "Probability")]
    public void A_changed_threshold_is_that_of_the_label(bool isLoaded, string column)
    {
        ITransformer start = Features().Fit(_train);
        var network = _mlContext.BinaryClassification.Trainers.TwoLayerNetwork("Flag", numberOfEpochs: 30).Fit(start.Transform(_train));
        ITransformer changed = _mlContext.BinaryClassification.ChangeModelThreshold(network, 0.9f);
        if (column == "Probability")
        {
            changed = WithThreshold(network, 0.9f, column);
        }

        ITransformer chain = new TransformerChain<ITransformer>(start, changed);
        OnnxOutputs outputs = Run(isLoaded ? Reload(chain) : chain);

        AssertBinary(chain, outputs);
        Assert.NotEqual(outputs.Get<float>("score", 1).Select(score => score > 0), outputs.Get<bool>("label", 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_chain_for_one_number_gives_ML_NET_s_score(bool isLoaded) => AssertScores<float>(
        _mlContext.Regression.Trainers.TwoLayerNetwork("Amount", numberOfEpochs: 30), isLoaded, 1, score => [score]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_chain_for_several_numbers_gives_ML_NET_s_scores(bool isLoaded) => AssertScores<float[]>(
        _mlContext.Regression.Trainers.TwoLayerNetwork("Amounts", numberOfEpochs: 30), isLoaded, 3, score => score);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_chain_for_counts_gives_ML_NET_s_means(bool isLoaded) => AssertScores<float>(
        _mlContext.Regression.Trainers.TwoLayerNetwork(new TwoLayerNetworkRegressionTrainer.Options
        {
            LabelColumnName = "Count",
            Loss = RegressionLoss.Poisson,
            NumberOfEpochs = 30,
        }),
        isLoaded, 1, score => [score]);

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void A_chain_for_several_labels_gives_ML_NET_s_probabilities_and_labels(bool isLoaded, bool choosesThresholds)
    {
        ITransformer chain = Chain(
            _mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel(new TwoLayerNetworkMultilabelTrainer.Options
            {
                LabelColumnName = "Answers",
                NumberOfEpochs = 30,
                ValidationFraction = choosesThresholds ? 0.3f : 0,
                ChooseThresholds = choosesThresholds,
            }),
            isLoaded);

        OnnxOutputs outputs = Run(chain);

        IDataView scored = chain.Transform(_test);
        Assert.Equal(["probabilities", "labels"], outputs.Names);
        Check.CloseOrMissing(
            [.. scored.GetColumn<float[]>("Probability").SelectMany(row => row)], outputs.Get<float>("probabilities", 3));
        Assert.Equal(scored.GetColumn<bool[]>("PredictedLabel").SelectMany(row => row), outputs.Get<bool>("labels", 3));
    }

    // ChangeModelThreshold keeps the column. Only ML.NET's internal constructor takes another one.
    private ITransformer WithThreshold(
        BinaryPredictionTransformer<TwoLayerNetworkBinaryModelParameters> network, float threshold, string column) =>
        (ITransformer)Activator.CreateInstance(
            network.GetType(), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance, null,
            [_mlContext, network.Model, Features().Fit(_train).GetOutputSchema(_train.Schema), "Features", threshold, column], null)!;

    private void AssertBinary(ITransformer chain, OnnxOutputs outputs)
    {
        IDataView scored = chain.Transform(_test);
        Assert.Equal(["score", "probability", "label"], outputs.Names);
        Check.CloseOrMissing([.. scored.GetColumn<float>("Score")], outputs.Get<float>("score", 1));
        Check.CloseOrMissing([.. scored.GetColumn<float>("Probability")], outputs.Get<float>("probability", 1));
        Assert.Equal(scored.GetColumn<bool>("PredictedLabel"), outputs.Get<bool>("label", 1));
        Assert.Equal([3, 7, 9], Enumerable.Range(0, Rows).Where(i => float.IsNaN(outputs.Get<float>("score", 1)[i])));
    }

    private void AssertScores<T>(IEstimator<ITransformer> trainer, bool isLoaded, int width, Func<T, float[]> values)
    {
        ITransformer chain = Chain(trainer, isLoaded);

        OnnxOutputs outputs = Run(chain);

        Assert.Equal(["score"], outputs.Names);
        float[][] expected = [.. chain.Transform(_test).GetColumn<T>("Score").Select(values)];
        float[] actual = outputs.Get<float>("score", width);
        for (int k = 0; k < width; k++)
        {
            // Rounding is relative to the largest score of an output: near 0, W2 · a and b2 almost cancel out.
            float unit = expected.Select(row => row[k]).Where(float.IsFinite).Max(Math.Abs);
            Check.CloseOrMissing(
                [.. expected.Select(row => row[k] / unit)], [.. actual.Chunk(width).Select(row => row[k] / unit)]);
        }

        Assert.Equal([3, 7, 9], Enumerable.Range(0, Rows).Where(i => float.IsNaN(actual[i * width])));
    }

    private IEstimator<ITransformer> Features() => _mlContext.Transforms.NormalizeMeanVariance("Length", fixZero: false)
        .Append(_mlContext.Transforms.Concatenate("Features", "Length", "Colour"));

    private ITransformer Chain(IEstimator<ITransformer> trainer, bool isLoaded)
    {
        ITransformer chain = Features().Append(trainer).Fit(_train);
        return isLoaded ? Reload(chain) : chain;
    }

    private ITransformer Reload(ITransformer chain)
    {
        using var zip = new MemoryStream();
        _mlContext.Model.Save(chain, _train.Schema, zip);
        zip.Position = 0;
        return new MLContext().Model.Load(zip, out _);
    }

    private OnnxOutputs Run(ITransformer chain)
    {
        _mlContext.Model.SaveOnnx(chain, _train.Schema, _file.Path);
        using var model = new OnnxModel(_file.Path);
        Assert.Equal(["Colour", "Length"], model.Inputs.Order());
        return model.Run(
            Rows, ("Length", [.. _tests.Select(row => row.Length)]), ("Colour", [.. _tests.SelectMany(row => row.Colour)]));
    }
}
