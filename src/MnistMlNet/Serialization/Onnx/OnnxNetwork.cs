using System.Diagnostics;
using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>Adds the nodes of a network to an ONNX graph, and writes its file. docs/onnx.md shows the graph.</summary>
internal static class OnnxNetwork
{
    public const string Features = "features";
    public const string Probabilities = "probabilities";
    public const string Probability = "probability";
    public const string Score = "score";
    public const string Label = "label";
    public const string Labels = "labels";

    /// <summary>Gets the names of the graph's outputs for a model.</summary>
    public static string[] OutputsOf(TwoLayerNetworkModelParametersBase model) => model switch
    {
        TwoLayerNetworkModelParameters => [Probabilities, Label],
        TwoLayerNetworkBinaryModelParameters => [Score, Probability, Label],
        TwoLayerNetworkRegressionModelParameters => [Score],
        TwoLayerNetworkMultilabelModelParameters => [Probabilities, Labels],
        _ => throw new UnreachableException(),
    };

    /// <summary>Writes the network alone: from <see cref="Features"/> to its outputs.</summary>
    public static void Write(TwoLayerNetworkModelParametersBase model, string path, long maximumSize = OnnxFile.MaximumSize)
    {
        var graph = new OnnxGraph();
        string features = graph.Input(Features, model.InputCount);
        Add(graph, features, model, model is TwoLayerNetworkModelParameters { HasClassNames: true } classes
            ? OnnxLabels.Texts(classes.ClassNames)
            : null);
        OnnxFile.Write(path, graph, model, maximumSize);
    }

    /// <summary>Adds the network's nodes and its outputs to the graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="features">The name of the value with the features, <c>[N, I]</c>.</param>
    /// <param name="model">The network.</param>
    /// <param name="labels">The names of the classes; null to give their index, or where there are no classes.</param>
    /// <param name="threshold">For two classes: the value above which the label is true, and ML.NET's column that is compared with it;
    /// null for the score 0.</param>
    public static void Add(
        OnnxGraph graph, string features, TwoLayerNetworkModelParametersBase model, OnnxLabels? labels,
        (float Value, string Column)? threshold = null)
    {
        switch (model)
        {
            case TwoLayerNetworkModelParameters:
                string probabilities = graph.Node(
                    "Softmax", Probabilities, [AddLogits(graph, features, model, "logits")], new OnnxAttribute("axis", 1));
                graph.Output(probabilities, OnnxElement.Single, model.OutputCount);
                graph.Output(AddLabel(graph, probabilities, labels), labels?.Element ?? OnnxElement.Int64);
                break;
            case TwoLayerNetworkBinaryModelParameters:
                string score = AddLogits(graph, features, model, Score);
                graph.Output(score, OnnxElement.Single, 1);
                string probability = graph.Node("Sigmoid", Probability, [score]);
                graph.Output(probability, OnnxElement.Single, 1);
                string compared = threshold?.Column == AnnotationNames.Probability ? probability : score;
                string limit = Number(graph, "threshold", threshold?.Value ?? 0);
                graph.Output(graph.Node("Greater", Label, [compared, limit]), OnnxElement.Boolean, 1);
                break;
            case TwoLayerNetworkRegressionModelParameters { IsExponential: false }:
                graph.Output(AddLogits(graph, features, model, Score), OnnxElement.Single, model.OutputCount);
                break;
            case TwoLayerNetworkRegressionModelParameters:
                graph.Output(
                    graph.Node("Exp", Score, [AddLogits(graph, features, model, "logits")]), OnnxElement.Single, model.OutputCount);
                break;
            case TwoLayerNetworkMultilabelModelParameters multilabel:
                string answers = graph.Node("Sigmoid", Probabilities, [AddLogits(graph, features, model, "logits")]);
                string thresholds = graph.Constant("thresholds", [model.OutputCount], () => multilabel.Thresholds.AsMemory());
                graph.Output(answers, OnnxElement.Single, model.OutputCount);
                graph.Output(graph.Node("GreaterOrEqual", Labels, [answers, thresholds]), OnnxElement.Boolean, model.OutputCount);
                break;
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>Adds <c>W2 · f(W1 · x + b1) + b2</c>, NaN where a feature is NaN or infinite.</summary>
    public static string AddLogits(IOnnxNodes graph, string features, TwoLayerNetworkModelParametersBase model, string name)
    {
        int i = model.InputCount, h = model.HiddenUnits, c = model.OutputCount;
        string w1 = graph.Constant("w1", [h, i], () => model.HiddenWeights);
        string b1 = graph.Constant("b1", [h], () => model.HiddenBiases);
        string w2 = graph.Constant("w2", [c, h], () => model.OutputWeights);
        string b2 = graph.Constant("b2", [c], () => model.OutputBiases);

        string z1 = graph.Node("Gemm", "z1", [features, w1, b1], new OnnxAttribute("transB", 1));
        string a1 = Activate(graph, model.Activation, z1);
        string z2 = graph.Node("Gemm", "z2", [a1, w2, b2], new OnnxAttribute("transB", 1));

        // 0 for a row of finite features, else NaN (0 · ∞ is NaN, too). Without it, Relu could turn a NaN into 0, and the row would get
        // a class.
        string zeros = graph.Constant("zeros", [i, 1], () => new float[i]);
        string validity = graph.Node("MatMul", "validity", [features, zeros]);
        return graph.Node("Add", name, [z2, validity]);
    }

    private static string Activate(IOnnxNodes graph, Activation activation, string z1) => activation switch
    {
        Activation.Relu => graph.Node("Relu", "a1", [z1]),
        Activation.Tanh => graph.Node("Tanh", "a1", [z1]),
        Activation.Sigmoid => graph.Node("Sigmoid", "a1", [z1]),
        Activation.Identity => z1,
        Activation.LeakyRelu => graph.Node("LeakyRelu", "a1", [z1], new OnnxAttribute("alpha", ActivationFunctions.LeakySlope)),
        Activation.Gelu => Gelu(graph, z1),
        Activation.GeluTanh => GeluTanh(graph, z1),
        Activation.Silu => graph.Node("Mul", "a1", [z1, graph.Node("Sigmoid", "gate", [z1])]),
        _ => throw new NotSupportedException($"The activation {activation} can't be written as ONNX."),
    };

    /// <summary><c>z · ½ (1 + erf(z / √2))</c>. The operator Gelu exists only from opset 20.</summary>
    private static string Gelu(IOnnxNodes graph, string z1)
    {
        string erf = graph.Node("Erf", "erf", [graph.Node("Mul", "scaled", [z1, Number(graph, "rootHalf", 0.70710678f)])]);
        string sum = graph.Node("Add", "twice", [erf, Number(graph, "one", 1)]);
        return graph.Node("Mul", "a1", [z1, graph.Node("Mul", "gate", [sum, Number(graph, "half", 0.5f)])]);
    }

    /// <summary><c>z · σ(2u)</c>, the same as <c>½ z (1 + tanh u)</c>.</summary>
    private static string GeluTanh(IOnnxNodes graph, string z1)
    {
        string cubic = graph.Node("Mul", "cubic", [graph.Node("Mul", "square", [z1, z1]), Number(graph, "c3", GatedFunctions.TanhCubic)]);
        string factor = graph.Node("Add", "factor", [cubic, Number(graph, "c1", GatedFunctions.TanhLinear)]);
        string gate = graph.Node("Sigmoid", "gate", [graph.Node("Mul", "argument", [z1, factor])]);
        return graph.Node("Mul", "a1", [z1, gate]);
    }

    private static string Number(IOnnxNodes graph, string name, float value) => graph.Constant(name, [1], () => new[] { value });

    private static string AddLabel(OnnxGraph graph, string probabilities, OnnxLabels? labels)
    {
        // ArgMax takes the first of equal probabilities, as PredictedLabel does. Either all probabilities of a row are NaN or none, so
        // it is enough to check the first.
        string best = graph.Node("ArgMax", "best", [probabilities], new OnnxAttribute("axis", 1), new OnnxAttribute("keepdims", 0));
        string first = graph.Node("Gather", "first", [probabilities, graph.Scalar("zero", 0)], new OnnxAttribute("axis", 1));
        string missing = graph.Node("IsNaN", "missing", [first]);
        string index = graph.Node("Where", labels is null ? Label : "index", [missing, graph.Scalar("none", -1), best]);

        // Gather counts -1 from the end, where the table has the value of a missing label.
        return labels is null ? index : graph.Node("Gather", Label, [labels.AddTo(graph, "labels"), index]);
    }
}

/// <summary>
/// The labels of the classes as a table in an ONNX graph. The entry after the last class is ML.NET's value of a missing label.
/// </summary>
internal sealed class OnnxLabels
{
    private readonly Func<OnnxGraph, string, string> _add;

    private OnnxLabels(OnnxElement element, Func<OnnxGraph, string, string> add)
    {
        Element = element;
        _add = add;
    }

    /// <summary>Gets the type of a label.</summary>
    public OnnxElement Element { get; }

    /// <summary>Makes a table of texts, <c>""</c> for a missing label.</summary>
    public static OnnxLabels Texts(IEnumerable<string> names) =>
        new(OnnxElement.Text, (graph, name) => graph.Constant(name, [.. names, ""]));

    /// <summary>
    /// Makes a table of the labels in their own type, NaN or 0 for a missing one; null for a type that ONNX doesn't have.
    /// </summary>
    public static OnnxLabels? Values(ClassLabels labels) => labels.Values switch
    {
        ReadOnlyMemory<char>[] => Texts(labels.Texts),
        float[] values => Numbers(OnnxElement.Single, values, float.NaN),
        double[] values => Numbers(OnnxElement.Double, values, double.NaN),
        bool[] values => Numbers(OnnxElement.Boolean, values, false),

        // Compare exact types: for the runtime an sbyte[] is a byte[], too.
        var values when values.GetType() == typeof(sbyte[]) => Numbers<sbyte>(OnnxElement.SByte, (sbyte[])values, 0),
        var values when values.GetType() == typeof(byte[]) => Numbers<byte>(OnnxElement.Byte, (byte[])values, 0),
        var values when values.GetType() == typeof(short[]) => Numbers<short>(OnnxElement.Int16, (short[])values, 0),
        var values when values.GetType() == typeof(ushort[]) => Numbers<ushort>(OnnxElement.UInt16, (ushort[])values, 0),
        var values when values.GetType() == typeof(int[]) => Numbers(OnnxElement.Int32, (int[])values, 0),
        var values when values.GetType() == typeof(uint[]) => Numbers(OnnxElement.UInt32, (uint[])values, 0u),
        var values when values.GetType() == typeof(long[]) => Numbers(OnnxElement.Int64, (long[])values, 0L),
        var values when values.GetType() == typeof(ulong[]) => Numbers(OnnxElement.UInt64, (ulong[])values, 0uL),
        _ => null,
    };

    /// <summary>Adds the table to a graph, and returns its name there.</summary>
    public string AddTo(OnnxGraph graph, string name) => _add(graph, name);

    private static OnnxLabels Numbers<T>(OnnxElement element, T[] values, T missing)
        where T : unmanaged =>
        new(element, (graph, name) => graph.Constant<T>(name, element, [.. values, missing]));
}
