using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.OnnxTests;

/// <summary>
/// Chains from raw pixels to a digit: ML.NET's own scores are the expected values, for ONNX Runtime and for ApplyOnnxModel.
/// </summary>
public sealed class DigitChainTests(Digits digits) : IClassFixture<Digits>, IDisposable
{
    // ML.NET's NormalizeRobustScaling fails on sparse rows (IndexOutOfRangeException in Fit); TableChainTests tests it on dense ones.
    private static readonly Dictionary<string, Func<TransformsCatalog, IEstimator<ITransformer>>> s_normalizers = new()
    {
        ["MinMax"] = transforms => transforms.NormalizeMinMax("Features"),
        ["MinMax, zeros moved"] = transforms => transforms.NormalizeMinMax("Features", fixZero: false),
        ["MeanVariance"] = transforms => transforms.NormalizeMeanVariance("Features"),
        ["MeanVariance, zeros moved"] = transforms => transforms.NormalizeMeanVariance("Features", fixZero: false),
        ["two in a row"] = transforms =>
            transforms.NormalizeMinMax("Scaled", "Features", fixZero: false)
            .Append(transforms.NormalizeMeanVariance("Features", "Scaled", fixZero: false)),
        ["none"] = transforms => transforms.CopyColumns("Features", "Features"),
    };

    private readonly TemporaryFile _file = new();
    private readonly MLContext _mlContext = digits.MLContext;

    public static TheoryData<string> Normalizers => [.. s_normalizers.Keys];

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Normalizers))]
    public void Each_normalizer_in_the_graph_gives_the_test_digits_ML_NET_s_probabilities_and_labels(string normalizer)
    {
        ITransformer chain = Chain(normalizer).Fit(digits.Train);
        _mlContext.Model.SaveOnnx(chain, digits.Train.Schema, _file.Path);

        using var model = new OnnxModel(_file.Path);
        (float[] probabilities, string[] labels) = model.Run<string>(Digits.TestCount, ("Features", digits.TestPixels));

        IDataView scored = chain.Transform(digits.Test);
        Check.Close([.. scored.GetColumn<float[]>("Score").SelectMany(row => row)], probabilities);
        Assert.Equal(scored.GetColumn<string>("PredictedLabel"), labels);
        Assert.Equal(["Features"], model.Inputs);
        Assert.InRange(labels.Zip(digits.Test.GetColumn<string>("Label")).Average(pair => pair.First == pair.Second ? 1.0 : 0), 0.7, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void A_chain_takes_any_number_of_rows_at_once(int rows)
    {
        ITransformer chain = Chain("MeanVariance, zeros moved").Fit(digits.Train);
        _mlContext.Model.SaveOnnx(chain, digits.Train.Schema, _file.Path);

        using var model = new OnnxModel(_file.Path);
        (float[] probabilities, string[] labels) = model.Run<string>(rows, ("Features", digits.TestPixels[..(rows * digits.PixelCount)]));

        IDataView scored = chain.Transform(_mlContext.Data.TakeRows(digits.Test, rows));
        Check.Close([.. scored.GetColumn<float[]>("Score").SelectMany(row => row)], probabilities);
        Assert.Equal(scored.GetColumn<string>("PredictedLabel"), labels);
    }

    [Fact]
    public void Inside_ML_NET_ApplyOnnxModel_gives_the_test_digits_the_same_probabilities_and_labels()
    {
        ITransformer chain = Chain("MinMax").Fit(digits.Train);
        _mlContext.Model.SaveOnnx(chain, digits.Train.Schema, _file.Path);

        ITransformer onnx = _mlContext.Transforms.ApplyOnnxModel(_file.Path).Fit(digits.Test);
        IDataView applied = onnx.Transform(digits.Test);

        IDataView scored = chain.Transform(digits.Test);
        Check.Close(
            [.. scored.GetColumn<float[]>("Score").SelectMany(row => row)],
            [.. applied.GetColumn<float[]>("probabilities").SelectMany(row => row)]);
        Assert.Equal(
            scored.GetColumn<string>("PredictedLabel"),
            applied.GetColumn<VBuffer<ReadOnlyMemory<char>>>("label").Select(label => label.DenseValues().Single().ToString()));
        (onnx as IDisposable)?.Dispose();
    }

    [Fact]
    public void A_chain_that_was_saved_and_loaded_by_ML_NET_writes_the_same_bytes()
    {
        ITransformer chain = Chain("MinMax, zeros moved").Fit(digits.Train);
        _mlContext.Model.SaveOnnx(chain, digits.Train.Schema, _file.Path);
        byte[] bytes = File.ReadAllBytes(_file.Path);

        using var zip = new MemoryStream();
        _mlContext.Model.Save(chain, digits.Train.Schema, zip);
        zip.Position = 0;
        ITransformer loaded = new MLContext().Model.Load(zip, out DataViewSchema schema);
        _mlContext.Model.SaveOnnx(loaded, schema, _file.Path);

        Assert.Equal(bytes, File.ReadAllBytes(_file.Path));
    }

    private IEstimator<ITransformer> Chain(string normalizer) => _mlContext.Transforms.Conversion.MapValueToKey("Label")
        .Append(s_normalizers[normalizer](_mlContext.Transforms))

        // At the default rate, five epochs on pixels that MeanVariance has made very large leave weights so large that rounding alone is
        // 1.1e-5.
        .Append(_mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(
            new TwoLayerNetworkTrainer.Options { NumberOfEpochs = 5, LearningRate = 0.001f, Seed = 1 }))
        .Append(_mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
}
