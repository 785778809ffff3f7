namespace MnistMlNet.OnnxTests;

/// <summary>
/// Networks for two classes, numbers, counts and several labels, of random shapes, in ONNX Runtime. ML.NET's scores of the same rows are
/// the expected values. Some rows have a feature that isn't finite.
/// </summary>
public sealed class TaskNetworkTests : IDisposable
{
    private const int Networks = 40;

    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Networks_for_two_classes_predict_the_same() => ForEach((random, shape) =>
    {
        var network = TwoLayerNetworkBinaryModelParameters.Create(
            shape.Inputs, shape.Hidden, shape.W1, shape.B1, Weights(random, shape.Hidden, shape.Hidden), Weights(random, 1, 1),
            shape.Activation);
        float[] expected = new float[shape.Rows];
        network.PredictBatch(shape.Features, expected);
        network.SaveOnnx(_file.Path);

        OnnxOutputs outputs = Run(shape);

        Assert.Equal(["score", "probability", "label"], outputs.Names);
        float[] scores = outputs.Get<float>("score", 1);
        Check.CloseOrMissing(expected, outputs.Get<float>("probability", 1));
        Check.CloseOrMissing(expected, [.. scores.Select(score => (float)(1 / (1 + Math.Exp(-score))))]);
        Assert.Equal(scores.Select(score => score > 0), outputs.Get<bool>("label", 1));
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Networks_for_numbers_and_for_counts_predict_the_same(bool isExponential) => ForEach((random, shape) =>
    {
        int outputCount = random.Next(1, 6);
        var network = TwoLayerNetworkRegressionModelParameters.Create(
            shape.Inputs, shape.Hidden, outputCount, shape.W1, shape.B1, Weights(random, outputCount * shape.Hidden, shape.Hidden),
            Weights(random, outputCount, 1), shape.Activation, isExponential);
        float[] expected = new float[shape.Rows * outputCount];
        network.PredictBatch(shape.Features, expected);
        network.SaveOnnx(_file.Path);

        OnnxOutputs outputs = Run(shape);

        Assert.Equal(["score"], outputs.Names);
        Check.CloseOrMissing(expected, outputs.Get<float>("score", outputCount));
    });

    [Fact]
    public void Networks_for_several_labels_predict_the_same() => ForEach((random, shape) =>
    {
        int labelCount = random.Next(1, 20);
        var network = TwoLayerNetworkMultilabelModelParameters.Create(
            shape.Inputs, shape.Hidden, labelCount, shape.W1, shape.B1, Weights(random, labelCount * shape.Hidden, shape.Hidden),
            Weights(random, labelCount, 1), shape.Activation);
        float[] expected = new float[shape.Rows * labelCount];
        network.PredictBatch(shape.Features, expected);
        network.SaveOnnx(_file.Path);

        OnnxOutputs outputs = Run(shape);

        Assert.Equal(["probabilities", "labels"], outputs.Names);
        float[] probabilities = outputs.Get<float>("probabilities", labelCount);
        Check.CloseOrMissing(expected, probabilities);
        Assert.Equal(probabilities.Select(probability => probability >= 0.5f), outputs.Get<bool>("labels", labelCount));
    });

    private static void ForEach(Action<Random, DrawnShape> test)
    {
        for (int i = 0; i < Networks; i++)
        {
            var random = new Random(i);
            test(random, new DrawnShape(random, (Activation)(i % Enum.GetValues<Activation>().Length)));
        }
    }

    private static float[] Weights(Random random, int count, int incoming) =>
        [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle() - 1) * MathF.Sqrt(3f / incoming))];

    private OnnxOutputs Run(DrawnShape shape)
    {
        using var model = new OnnxModel(_file.Path);
        Assert.Equal([-1, shape.Inputs], model.Shape("features"));
        return model.Run(shape.Rows, ("features", shape.Features));
    }

    /// <summary>A random shape with its hidden layer, and rows for it.</summary>
    private sealed class DrawnShape
    {
        public DrawnShape(Random random, Activation activation)
        {
            Activation = activation;
            Inputs = random.Next(1, 100);
            Hidden = random.Next(1, 60);
            Rows = random.Next(2, 40);
            W1 = Weights(random, Hidden * Inputs, Inputs);
            B1 = Weights(random, Hidden, 1);
            Features = RandomNetworks.Rows(random, Rows * Inputs);

            // The first row has a feature that isn't finite; the others are complete.
            Features[random.Next(Inputs)] = new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity }[random.Next(3)];
        }

        public Activation Activation { get; }

        public int Inputs { get; }

        public int Hidden { get; }

        public int Rows { get; }

        public float[] W1 { get; }

        public float[] B1 { get; }

        public float[] Features { get; }
    }
}
