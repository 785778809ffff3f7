using System.Diagnostics;
using Microsoft.ML;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>Adds a network to the graph that ML.NET's <c>ConvertToOnnx</c> builds.</summary>
/// <remarks>ML.NET lets the caller choose the opset, 9 to 12. All operators here exist in opset 9 and mean the same up to 12.</remarks>
internal static class OnnxConverterNetwork
{
    /// <summary>Adds the columns of a transformer.</summary>
    /// <param name="graph">ML.NET's graph.</param>
    /// <param name="model">The network.</param>
    /// <param name="featureColumnName">The column that is scored.</param>
    /// <param name="schema">The scored schema, with the added columns.</param>
    /// <exception cref="NotSupportedException">The graph doesn't have the feature column.</exception>
    public static void Add(
        OnnxConverterGraph graph, TwoLayerNetworkModelParametersBase model, string featureColumnName, DataViewSchema schema)
    {
        string features = graph.Find(featureColumnName)
            ?? throw new NotSupportedException(
                $"ConvertToOnnx can't write the network: a step before it left out the feature column '{Shown.Text(featureColumnName)}', "
                    + "without an error. Use mlContext.Model.SaveOnnx, which names the step that can't be written.");
        var nodes = new Nodes(graph);
        string logits = OnnxNetwork.AddLogits(nodes, features, model, "logits");
        switch (model)
        {
            case TwoLayerNetworkModelParameters classes:
                AddClasses(nodes, classes, logits, AddColumn(AnnotationNames.Score), AddColumn(AnnotationNames.PredictedLabel));
                break;
            case TwoLayerNetworkRegressionModelParameters regression:
                nodes.NodeTo(AddColumn(AnnotationNames.Score), regression.IsExponential ? "Exp" : "Identity", [logits]);
                break;
            case TwoLayerNetworkMultilabelModelParameters multilabel:
                string answers = AddColumn(AnnotationNames.Probability);
                nodes.NodeTo(answers, "Sigmoid", [logits]);
                AddAnswers(nodes, multilabel, answers, AddColumn(AnnotationNames.PredictedLabel));
                break;
            default:
                throw new UnreachableException();
        }

        string AddColumn(string name) => graph.AddColumn(name, schema[name].Type);
    }

    /// <summary>Adds the score and the probability of two classes; ML.NET's scorer adds the label.</summary>
    public static void AddBinary(
        OnnxConverterGraph graph, TwoLayerNetworkBinaryModelParameters model, string features, string logit, string probability)
    {
        var nodes = new Nodes(graph);
        nodes.NodeTo(logit, "Identity", [OnnxNetwork.AddLogits(nodes, features, model, "logit")]);
        nodes.NodeTo(probability, "Sigmoid", [logit]);
    }

    /// <summary>The key of the most probable class, from 1; 0 for a row of NaN, as in ML.NET.</summary>
    private static void AddClasses(Nodes nodes, TwoLayerNetworkModelParameters model, string logits, string score, string label)
    {
        nodes.NodeTo(score, "Softmax", [logits], new OnnxAttribute("axis", 1));
        string best = nodes.Node("ArgMax", "best", [score], new OnnxAttribute("axis", 1), new OnnxAttribute("keepdims", 1));
        string key = nodes.Node("Add", "key", [best, nodes.Scalar("one", 1)]);

        // NaN for a row of NaN, else 0.
        string zeros = nodes.Constant("noClasses", [model.OutputCount, 1], () => new float[model.OutputCount]);
        string missing = nodes.Node("IsNaN", "missing", [nodes.Node("MatMul", "rowValidity", [score, zeros])]);
        string index = nodes.Node("Where", "index", [missing, nodes.Scalar("none", 0), key]);
        nodes.NodeTo(label, "Cast", [index], OnnxAttribute.To(OnnxElement.UInt32));
    }

    /// <summary>At least the threshold. GreaterOrEqual exists only from opset 12 on, and the opposite of Less is true for NaN.</summary>
    private static void AddAnswers(Nodes nodes, TwoLayerNetworkMultilabelModelParameters model, string answers, string labels)
    {
        string thresholds = nodes.Constant("thresholds", [model.OutputCount], () => model.Thresholds.AsMemory());
        string least = nodes.Node("Not", "atLeast", [nodes.Node("Less", "less", [answers, thresholds])]);
        string present = nodes.Node("Not", "present", [nodes.Node("IsNaN", "missing", [answers])]);
        nodes.NodeTo(labels, "And", [least, present]);
    }

    /// <summary>ML.NET's graph under the interface of this package.</summary>
    private sealed class Nodes(OnnxConverterGraph graph) : IOnnxNodes
    {
        public string Constant(string name, ReadOnlySpan<int> shape, Func<ReadOnlyMemory<float>> values)
        {
            long[] dimensions = new long[shape.Length];
            for (int i = 0; i < shape.Length; i++)
            {
                dimensions[i] = shape[i];
            }

            return graph.AddConstant(name, values().ToArray(), dimensions);
        }

        public string Scalar(string name, long value) => graph.AddConstant(name, value);

        public string Node(string type, string output, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
            graph.AddNode(type, output, inputs, Pairs(attributes));

        /// <summary>Adds a node for a value that exists already, such as a column.</summary>
        public void NodeTo(string output, string type, string[] inputs, params ReadOnlySpan<OnnxAttribute> attributes) =>
            graph.AddNodeTo(output, type, inputs, Pairs(attributes));

        private static (string Name, object Value)[] Pairs(ReadOnlySpan<OnnxAttribute> attributes)
        {
            var pairs = new (string, object)[attributes.Length];
            for (int i = 0; i < pairs.Length; i++)
            {
                pairs[i] = (attributes[i].Name, attributes[i].Value);
            }

            return pairs;
        }
    }
}
