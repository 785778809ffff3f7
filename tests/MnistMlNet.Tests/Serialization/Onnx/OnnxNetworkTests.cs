using Microsoft.ML;
using MnistMlNet.Serialization.Onnx;

namespace MnistMlNet.Tests.Serialization.Onnx;

/// <summary>The exported file of a network alone. tests/MnistMlNet.OnnxTests checks that ONNX Runtime computes the same from it.</summary>
public sealed class OnnxNetworkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder.File("network.onnx");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SaveOnnx_AnyNetwork_WritesTheGraphOfTheDocumentation()
    {
        Network(Activation.Relu).SaveOnnx(Path);

        var onnx = new OnnxText(Path);
        Assert.Equal(["features: float[N, 2]"], onnx.Inputs);
        Assert.Equal(
            [
                "z1 = Gemm(features, w1, b1, transB=1)",
                "a1 = Relu(z1)",
                "z2 = Gemm(a1, w2, b2, transB=1)",
                "validity = MatMul(features, zeros)",
                "logits = Add(z2, validity)",
                "probabilities = Softmax(logits, axis=1)",
                "best = ArgMax(probabilities, axis=1, keepdims=0)",
                "first = Gather(probabilities, zero, axis=1)",
                "missing = IsNaN(first)",
                "label = Where(missing, none, best)",
            ],
            onnx.Nodes);
        Assert.Equal(
            ["w1: float[3, 2]", "b1: float[3]", "w2: float[2, 3]", "b2: float[2]", "zeros: float[2, 1]", "zero: int64[]", "none: int64[]"],
            onnx.Constants);
        Assert.Equal(["probabilities: float[N, 2]", "label: int64[N]"], onnx.Outputs);
        Assert.Equal([1, 2, 3, 4, 5, 6], onnx.Singles("w1"));
        Assert.Equal([7, 8, 9], onnx.Singles("b1"));
        Assert.Equal([-1, -2, -3, -4, -5, -6], onnx.Singles("w2"));
        Assert.Equal([-7, -8], onnx.Singles("b2"));
        Assert.Equal([0, 0], onnx.Singles("zeros"));
    }

    [Fact]
    public void SaveOnnx_AnyNetwork_SaysWhoWroteItAndWhatItIs()
    {
        Network(Activation.Relu).SaveOnnx(Path);

        var onnx = new OnnxText(Path);
        Assert.Equal(7uL, onnx.IrVersion);
        Assert.Equal("'' 13", onnx.Opset);
        Assert.Equal($"MnistMlNet {typeof(TwoLayerNetworkTrainer).Assembly.GetName().Version!.ToString(3)}", onnx.Producer);
        Assert.Contains("2 inputs, 3 hidden units (Relu), 2 classes", onnx.Description, StringComparison.Ordinal);
        Assert.Equal("""["0","1"]""", Assert.Single(onnx.Metadata, entry => entry.Key == "classes").Value);
    }

    [Theory]
    [InlineData(Activation.Relu, "a1 = Relu(z1)")]
    [InlineData(Activation.Tanh, "a1 = Tanh(z1)")]
    [InlineData(Activation.Sigmoid, "a1 = Sigmoid(z1)")]
    [InlineData(Activation.Identity, "z2 = Gemm(z1, w2, b2, transB=1)")]
    [InlineData(Activation.LeakyRelu, "a1 = LeakyRelu(z1, alpha=0.01)")]
    public void SaveOnnx_AnyActivation_IsTheOperatorOfItsName(Activation activation, string node)
    {
        Network(activation).SaveOnnx(Path);

        Assert.Equal(node, new OnnxText(Path).Nodes[1]);
    }

    [Theory]
    [InlineData(Activation.Gelu, new[]
    {
        "scaled = Mul(z1, rootHalf)", "erf = Erf(scaled)", "twice = Add(erf, one)", "gate = Mul(twice, half)", "a1 = Mul(z1, gate)",
    })]
    [InlineData(Activation.GeluTanh, new[]
    {
        "square = Mul(z1, z1)", "cubic = Mul(square, c3)", "factor = Add(cubic, c1)", "argument = Mul(z1, factor)",
        "gate = Sigmoid(argument)", "a1 = Mul(z1, gate)",
    })]
    [InlineData(Activation.Silu, new[] { "gate = Sigmoid(z1)", "a1 = Mul(z1, gate)" })]
    public void SaveOnnx_GatedActivation_IsComposedOfOperatorsThatOpset13Has(Activation activation, string[] nodes)
    {
        Network(activation).SaveOnnx(Path);

        var onnx = new OnnxText(Path);
        Assert.Equal(nodes, onnx.Nodes.Skip(1).Take(nodes.Length));
        Assert.Equal("z2 = Gemm(a1, w2, b2, transB=1)", onnx.Nodes[1 + nodes.Length]);
    }

    [Fact]
    public void SaveOnnx_EveryMemberOfTheEnum_IsWritten() =>
        Assert.All(Enum.GetValues<Activation>(), activation => Network(activation).SaveOnnx(Path));

    [Fact]
    public void SaveOnnx_TrainedOnNamedClasses_GivesTheNamesAsLabels()
    {
        var mlContext = new MLContext(seed: 1);
        TwoLayerNetworkModelParameters model = Examples.Trainer(mlContext).Fit(Examples.Keyed(mlContext, Examples.Rows(30))).Model;

        model.SaveOnnx(Path);

        var onnx = new OnnxText(Path);
        Assert.Equal(["index = Where(missing, none, best)", "label = Gather(labels, index)"], onnx.Nodes[^2..]);
        Assert.Equal(["a", "b", "c", ""], onnx.Texts("labels"));
        Assert.Equal("label: string[N]", onnx.Outputs[1]);
        Assert.Equal("""["a","b","c"]""", onnx.Metadata["classes"]);
    }

    [Fact]
    public void SaveOnnx_TheSameNetwork_WritesTheSameBytesAndReplacesAnOlderFile()
    {
        string first = _folder.Write("first.onnx", new string('x', 10_000)), second = _folder.File("second.onnx");

        Network(Activation.Tanh).SaveOnnx(first);
        Network(Activation.Tanh).SaveOnnx(second);

        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void SaveOnnx_LargerThanTheEncodingHolds_IsRefusedBeforeTheOldFileIsTouched()
    {
        Network(Activation.Relu).SaveOnnx(Path);
        long size = new FileInfo(Path).Length;
        _folder.Write("network.onnx", "old");

        NotSupportedException e = Assert.Throws<NotSupportedException>(() => OnnxNetwork.Write(Network(Activation.Relu), Path, size - 1));

        Assert.Contains($"'{Path}'", e.Message, StringComparison.Ordinal);
        Assert.Contains($"needs {size:N0} bytes", e.Message, StringComparison.Ordinal);
        Assert.Contains($"at most {size - 1:N0}", e.Message, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(Path));
        Assert.Equal(int.MaxValue, OnnxFile.MaximumSize);
        OnnxNetwork.Write(Network(Activation.Relu), Path, size);
        Assert.Equal(size, new FileInfo(Path).Length);
    }

    [Fact]
    public void SaveOnnx_NoPathOrNoFolder_IsRefusedByName()
    {
        Assert.Throws<ArgumentNullException>("path", () => Network(Activation.Relu).SaveOnnx(null!));
        Assert.Throws<ArgumentException>("path", () => Network(Activation.Relu).SaveOnnx(""));
        string nowhere = System.IO.Path.Combine(_folder.File("nowhere"), "a.onnx");
        Assert.Contains(nowhere, Assert.Throws<DirectoryNotFoundException>(() => Network(Activation.Relu).SaveOnnx(nowhere)).Message,
            StringComparison.Ordinal);
        Assert.Contains(_folder.Path, Assert.Throws<IOException>(() => Network(Activation.Relu).SaveOnnx(_folder.Path)).Message,
            StringComparison.Ordinal);
    }

    private static TwoLayerNetworkModelParameters Network(Activation activation) =>
        TwoLayerNetworkModelParameters.Create(2, 3, 2, [1, 2, 3, 4, 5, 6], [7, 8, 9], [-1, -2, -3, -4, -5, -6], [-7, -8], activation);
}
