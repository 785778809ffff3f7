using MnistMlNet.Serialization.Onnx;

namespace MnistMlNet.Benchmarks.Peers;

/// <summary>Writes a network as an ONNX model: Gemm, Relu, Gemm, Softmax; any number of rows.</summary>
/// <remarks>Field numbers are those of onnx.proto (IR version 8, opset 13).</remarks>
internal static class OnnxModel
{
    public const string Input = "features";
    public const string Output = "probabilities";

    private const int FloatType = 1;
    private const int IntegerAttribute = 2;

    public static byte[] Write(TwoLayerNetworkModelParameters network)
    {
        if (network.Activation != Activation.Relu)
        {
            throw new ArgumentException($"Only Relu is written here; the network has {network.Activation}.", nameof(network));
        }

        int i = network.InputCount, h = network.HiddenUnits, c = network.ClassCount;
        OnnxMessage graph = new OnnxMessage()
            .Message(1, Gemm(Input, "w1", "b1", "z1"))
            .Message(1, new OnnxMessage().Text(1, "z1").Text(2, "a1").Text(4, "Relu"))
            .Message(1, Gemm("a1", "w2", "b2", "z2"))
            .Message(1, new OnnxMessage().Text(1, "z2").Text(2, Output).Text(4, "Softmax").Message(5, Attribute("axis", 1)))
            .Text(2, "network")
            .Message(5, Tensor("w1", network.HiddenWeights, h, i))
            .Message(5, Tensor("b1", network.HiddenBiases, h))
            .Message(5, Tensor("w2", network.OutputWeights, c, h))
            .Message(5, Tensor("b2", network.OutputBiases, c))
            .Message(11, Rows(Input, i))
            .Message(12, Rows(Output, c));
        using var model = new MemoryStream();
        new OnnxMessage()
            .Integer(1, 8)
            .Text(2, "MnistMlNet.Benchmarks")
            .Message(7, graph)
            .Message(8, new OnnxMessage().Text(1, "").Integer(2, 13))
            .WriteTo(model);
        return model.ToArray();
    }

    /// <summary><c>output = input · weightsᵀ + bias</c>.</summary>
    private static OnnxMessage Gemm(string input, string weights, string bias, string output) =>
        new OnnxMessage().Text(1, input).Text(1, weights).Text(1, bias).Text(2, output).Text(4, "Gemm")
            .Message(5, Attribute("transB", 1));

    private static OnnxMessage Attribute(string name, int value) =>
        new OnnxMessage().Text(1, name).Integer(3, value).Integer(20, IntegerAttribute);

    private static OnnxMessage Tensor(string name, ReadOnlyMemory<float> values, params ReadOnlySpan<int> dimensions)
    {
        var tensor = new OnnxMessage();
        foreach (int dimension in dimensions)
        {
            tensor.Integer(1, dimension);
        }

        return tensor.Integer(2, FloatType).Text(8, name).Singles(9, values.Length, () => values);
    }

    private static OnnxMessage Rows(string name, int width)
    {
        OnnxMessage shape = new OnnxMessage()
            .Message(1, new OnnxMessage().Text(2, "rows"))
            .Message(1, new OnnxMessage().Integer(1, width));
        OnnxMessage type = new OnnxMessage().Message(1, new OnnxMessage().Integer(1, FloatType).Message(2, shape));
        return new OnnxMessage().Text(1, name).Message(2, type);
    }
}
