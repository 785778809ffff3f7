using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.OnnxTests;

/// <summary>The network alone, in ONNX Runtime.</summary>
public sealed class NetworkTests(Digits digits) : IClassFixture<Digits>, IDisposable
{
    private readonly TemporaryFile _file = new();

    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    public void Dispose() => _file.Dispose();

    [Theory]
    [MemberData(nameof(Activations))]
    public void Every_activation_gives_the_test_digits_the_same_probabilities_and_labels(Activation activation)
    {
        TwoLayerNetworkModelParameters network = Train(activation);
        network.SaveOnnx(_file.Path);
        float[] expected = new float[Digits.TestCount * network.ClassCount];
        network.PredictBatch(digits.TestPixels, expected);

        using var model = new OnnxModel(_file.Path);
        (float[] probabilities, string[] labels) = model.Run<string>(Digits.TestCount, ("features", digits.TestPixels));

        Check.Close(expected, probabilities);
        Assert.Equal(expected.Chunk(network.ClassCount).Select(row => network.ClassNames[row.IndexOf(row.Max())]), labels);
        Assert.InRange(labels.Zip(digits.Test.GetColumn<string>("Label")).Average(pair => pair.First == pair.Second ? 1.0 : 0), 0.75, 1);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(Digits.TestCount)]
    public void Any_number_of_rows_goes_through_at_once(int rows)
    {
        TwoLayerNetworkModelParameters network = Train(Activation.Relu);
        network.SaveOnnx(_file.Path);
        float[] pixels = digits.TestPixels[^(rows * digits.PixelCount)..];
        float[] expected = new float[rows * network.ClassCount];
        network.PredictBatch(pixels, expected);

        using var model = new OnnxModel(_file.Path);
        (float[] probabilities, string[] labels) = model.Run<string>(rows, ("features", pixels));

        Check.Close(expected, probabilities);
        Assert.Equal(expected.Chunk(network.ClassCount).Select(row => network.ClassNames[row.IndexOf(row.Max())]), labels);
    }

    [Fact]
    public void Names_and_shapes_are_as_documented()
    {
        Train(Activation.Relu).SaveOnnx(_file.Path);

        using var model = new OnnxModel(_file.Path);

        Assert.Equal(["features"], model.Inputs);
        Assert.Equal(["probabilities", "label"], model.Outputs);
        Assert.Equal([-1, 784], model.Shape("features"));
        Assert.Equal([-1, 10], model.Shape("probabilities"));
        Assert.Equal([-1], model.Shape("label"));
        Assert.Equal(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
            System.Text.Json.JsonSerializer.Deserialize<string[]>(model.Metadata["classes"])!.Order());
    }

    [Fact]
    public void A_network_without_class_names_gives_the_index_and_a_row_that_is_not_finite_gives_minus_one()
    {
        // z1 = (x0 + x1, x0 - x1); relu; z2 = (a0, a1, 0.5).
        TwoLayerNetworkModelParameters network = TwoLayerNetworkModelParameters.Create(2, 2, 3, [1, 1, 1, -1], [0, 0], [1, 0, 0, 1, 0, 0],
            [0, 0, 0.5f]);
        network.SaveOnnx(_file.Path);
        float[] rows =
        [
            2, 1,        // a = (3, 1)
            1, -3,       // a = (0, 4)
            -1, -1,      // a = (0, 0)
            1, 0,        // a = (1, 1): the first of equals
            float.NaN, 1,
            1, float.PositiveInfinity,
            float.NegativeInfinity, 1,
        ];

        using var model = new OnnxModel(_file.Path);
        (float[] probabilities, long[] labels) = model.Run<long>(7, ("features", rows));

        Assert.Equal([0, 1, 2, 0, -1, -1, -1], labels);
        float[] expected = new float[7 * 3];
        network.PredictBatch(rows, expected);
        Check.Close(expected[..12], probabilities[..12]);
        Assert.All(expected[12..].Concat(probabilities[12..]), probability => Assert.True(float.IsNaN(probability)));
        Assert.Equal(Math.Exp(3) / (Math.Exp(3) + Math.Exp(1) + Math.Exp(0.5)), probabilities[0], 1e-6);
    }

    private TwoLayerNetworkModelParameters Train(Activation activation)
    {
        var options = new TwoLayerNetworkTrainer.Options { Activation = activation, NumberOfEpochs = 5, Seed = 1 };
        IDataView keyed = digits.MLContext.Transforms.Conversion.MapValueToKey("Label").Fit(digits.Train).Transform(digits.Train);
        return digits.MLContext.MulticlassClassification.Trainers.TwoLayerNetwork(options).Fit(keyed).Model;
    }
}
