using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Data;
using MnistMlNet.Tests.Network;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Serialization.Onnx;

/// <summary>
/// Data/onnx.json: two files that SaveOnnx wrote, and the outputs of ONNX Runtime 1.31.1 for them. tests/MnistMlNet.OnnxTests runs them
/// again. Here, without ONNX Runtime, the same bytes must be written and ML.NET must give the same outputs.
/// </summary>
public sealed class FrozenOnnxTests : IDisposable
{
    /// <summary>Sums of up to 12 products, in another order: some 1e-7.</summary>
    private const double Tolerance = 1e-6;

    private readonly TemporaryFolder _folder = new();
    private readonly JsonElement _frozen;

    public FrozenOnnxTests()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "onnx.json")));
        _frozen = document.RootElement.Clone();
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_network_is_written_as_the_frozen_file_and_predicts_its_outputs()
    {
        // The golden network with larger weights: its own weights are so small that all classes are nearly equal.
        var golden = Golden.Load();
        float[] Times(string name, float factor) => Array.ConvertAll(golden.Floats(name), weight => weight * factor);
        var network = TwoLayerNetworkModelParameters.Create(
            golden.Inputs, golden.HiddenUnits, golden.Classes, Times("w1", 8), golden.Floats("b1"), Times("w2", 16), golden.Floats("b2"),
            Activation.Sigmoid);

        network.SaveOnnx(_folder.File("a.onnx"));

        JsonElement frozen = _frozen.GetProperty("network");
        AssertFile(frozen);
        float[] probabilities = new float[golden.Rows.Labels.Length * golden.Classes];
        network.PredictBatch(Singles(frozen.GetProperty("inputs").GetProperty("features")), probabilities);
        Check.Close(Numbers(frozen, "probabilities"), probabilities, Tolerance, "probabilities");
        Assert.Equal(golden.Floats("X"), Singles(frozen.GetProperty("inputs").GetProperty("features")));
        Assert.Equal(
            frozen.GetProperty("label").EnumerateArray().Select(label => label.GetInt32()),
            probabilities.Chunk(golden.Classes).Select(row => row.IndexOf(row.Max())));
    }

    [Fact]
    public void A_chain_of_normalizer_concatenation_and_network_is_written_as_the_frozen_file_and_predicts_its_outputs()
    {
        var mlContext = new MLContext(seed: 1);
        JsonElement frozen = _frozen.GetProperty("chain");
        float[] scalars = Singles(frozen.GetProperty("inputs").GetProperty("Scalar")),
            vectors = Singles(frozen.GetProperty("inputs").GetProperty("Vector"));
        IDataView data = mlContext.Data.LoadFromEnumerable(
            scalars.Zip(vectors.Chunk(3), (scalar, vector) => new Row { Scalar = scalar, Vector = vector }));
        TwoLayerNetworkModelParameters model = TwoLayerNetworkModelParameters.Create(
            4, 2, 3, [1, -1, 0.5f, 2, -0.5f, 1, 1.5f, -1], [0.1f, -0.2f], [1, -1, 0.5f, 0.5f, -1.5f, 2], [0.25f, 0, -0.25f],
            Activation.Tanh);
        ReadOnlyMemory<char>[] names = ["un".AsMemory(), "zwei".AsMemory(), "три".AsMemory()];
        var labels = ClassLabels.Create(TextDataViewType.Instance, names);
        var network = new TwoLayerNetworkTransformer(
            mlContext, new TwoLayerNetworkModelParameters(model.Network, labels.Texts), "Features", labels,
            new TrainingHistory([], 0, Stop.EpochLimit, 0, 0, 0));
        TransformerChain<ColumnConcatenatingTransformer> beginning = mlContext.Transforms.NormalizeMeanVariance("Scalar", fixZero: false)
            .Append(mlContext.Transforms.NormalizeMinMax("Scaled", "Vector"))
            .Append(mlContext.Transforms.Concatenate("Features", "Scaled", "Scalar")).Fit(data);
        var chain = new TransformerChain<ITransformer>(beginning, network);

        mlContext.Model.SaveOnnx(chain, data.Schema, _folder.File("a.onnx"));

        AssertFile(frozen);
        IDataView scored = chain.Transform(data);
        Check.Close(Numbers(frozen, "probabilities"), [.. scored.GetColumn<float[]>("Score").SelectMany(row => row)], Tolerance,
            "probabilities");
        Assert.Equal(
            frozen.GetProperty("label").EnumerateArray().Select(label => label.GetString()),
            scored.GetColumn<uint>("PredictedLabel").Select(key => names[key - 1].ToString()));
    }

    /// <summary>The same bytes, except for the version of the producer.</summary>
    private void AssertFile(JsonElement frozen)
    {
        static ProtobufField[] Fields(byte[] file) => [.. ProtobufField.Read(file).Where(field => field.Number != 3)];
        ProtobufField[] expected = Fields(frozen.GetProperty("file").GetBytesFromBase64()),
            actual = Fields(File.ReadAllBytes(_folder.File("a.onnx")));
        Assert.Equal(expected.Select(field => (field.Number, field.Varint)), actual.Select(field => (field.Number, field.Varint)));
        Assert.Equal(expected.Select(field => field.Bytes), actual.Select(field => field.Bytes));
    }

    private static double[] Numbers(JsonElement frozen, string name) =>
        [.. frozen.GetProperty(name).EnumerateArray().Select(number => number.GetDouble())];

    private static float[] Singles(JsonElement numbers) => [.. numbers.EnumerateArray().Select(number => number.GetSingle())];

    private sealed class Row
    {
        public float Scalar { get; set; }

        [VectorType(3)]
        public float[] Vector { get; set; } = [];
    }
}
