using MnistMlNet.Tests.Serialization.Onnx;

namespace MnistMlNet.OnnxTests;

/// <summary>Files of random networks, read by an independent parser and by ONNX Runtime.</summary>
public sealed class RandomNetworkTests : IDisposable
{
    private readonly TemporaryFile _file = new();

    public void Dispose() => _file.Dispose();

    [Fact]
    public void Two_hundred_random_networks_are_read_with_their_parameters_and_predict_the_same()
    {
        for (int i = 0; i < 200; i++)
        {
            var random = new Random(i);
            TwoLayerNetworkModelParameters network = RandomNetworks.Draw(random, most: i % 2 == 0 ? 8 : 150);
            int rows = random.Next(1, 40);
            float[] features = RandomNetworks.Rows(random, rows * network.InputCount), expected = new float[rows * network.ClassCount];
            network.PredictBatch(features, expected);
            network.SaveOnnx(_file.Path);

            var onnx = new OnnxText(_file.Path);
            Assert.Equal(network.HiddenWeights.ToArray(), onnx.Singles("w1"));
            Assert.Equal(network.HiddenBiases.ToArray(), onnx.Singles("b1"));
            Assert.Equal(network.OutputWeights.ToArray(), onnx.Singles("w2"));
            Assert.Equal(network.OutputBiases.ToArray(), onnx.Singles("b2"));

            using var model = new OnnxModel(_file.Path);
            (float[] probabilities, long[] labels) = model.Run<long>(rows, ("features", features));
            Check.Close(expected, probabilities);

            // If two classes are equally good, either may be predicted.
            float[][] scores = [.. expected.Chunk(network.ClassCount)];
            Assert.All(labels.Zip(scores), row => Assert.InRange(row.Second[(int)row.First], row.Second.Max() - Check.Tolerance, 1));
        }
    }
}
