using System.Numerics;
using Microsoft.ML.Data;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>Steps that make values of values: missing values, conversions and norms.</summary>
internal static class OnnxValueSteps
{
    /// <summary><c>ReplaceMissingValues</c>: the value that ML.NET gives for NaN.</summary>
    public static OnnxColumn Replace(OnnxStep step) => OnnxElements.Of(step.SourceItem) switch
    {
        OnnxElement.Single => Replace(step, OnnxElement.Single, float.NaN),
        OnnxElement.Double => Replace(step, OnnxElement.Double, double.NaN),
        _ => step.Refuse($"is of the type {step.Type}; only missing values of Single and Double are replaced."),
    };

    /// <summary><c>IndicateMissingValues</c>: whether a value is NaN.</summary>
    public static OnnxColumn Indicate(OnnxStep step) =>
        OnnxElements.Of(step.SourceItem) is OnnxElement.Single or OnnxElement.Double
            ? step.Make((graph, value) => graph.Node("IsNaN", $"{step.Name}/missing", [value]))
            : step.Refuse($"is made of the type {step.SourceItem}; only missing values of Single and Double are indicated.");

    /// <summary><c>ConvertType</c>, where ONNX's operator Cast gives the same values for all inputs.</summary>
    public static OnnxColumn Convert(OnnxStep step)
    {
        if (step.Item is KeyDataViewType)
        {
            return step.Refuse("becomes a key. Use MapValueToKey instead of ConvertType.");
        }

        if (OnnxElements.Of(step.SourceItem) is not { } from || OnnxElements.Of(step.Item) is not { } to)
        {
            return step.Refuse($"is converted from {step.SourceItem} to {step.Item}, and ONNX doesn't have both types.");
        }

        string name = $"{step.Name}/converted";
        return (from, to) switch
        {
            _ when from == to => step.Make((_, value) => value),
            (OnnxElement.Text, _) => step.Refuse(
                $"is converted from text to {step.Item}. ML.NET gives a missing value for a text that isn't a number; ONNX's Cast fails. "
                    + "Load the column as a number, or use OneHotEncoding."),
            (OnnxElement.Single or OnnxElement.Double, OnnxElement.Text) => step.Refuse(
                "is converted from numbers with a decimal point to text, and ONNX doesn't say how many digits that text has."),
            (OnnxElement.Boolean, OnnxElement.Text) => step.Make((graph, value) => graph.Node(
                "Where", name, [value, graph.Constant($"{step.Name}/true", ["True"]), graph.Constant($"{step.Name}/false", ["False"])])),
            (_, OnnxElement.Single or OnnxElement.Double or OnnxElement.Boolean) => step.Make((graph, value) =>
                graph.Cast(value, to, name)),
            (_, OnnxElement.Text) => step.Make((graph, value) => graph.Cast(value, to, name)),
            (OnnxElement.Boolean, _) when OnnxElements.IsSigned(to) => step.Make((graph, value) => graph.Cast(value, to, name)),
            _ when OnnxElements.IsSigned(from) == OnnxElements.IsSigned(to) && OnnxElements.Bits(from) <= OnnxElements.Bits(to)
                && OnnxElements.IsInteger(from) => step.Make((graph, value) => graph.Cast(value, to, name)),
            _ => step.Refuse($"is converted from {step.SourceItem} to {step.Item}, which doesn't have all its values."),
        };
    }

    /// <summary>
    /// <c>NormalizeLpNorm</c> and <c>NormalizeGlobalContrast</c>: <c>(x - mean) · s</c> with <c>s = scale / norm</c>; as in ML.NET,
    /// <c>s = scale</c> for a norm that isn't positive, and 1 where it would be below 1e-8.
    /// </summary>
    public static OnnxColumn Norm(OnnxStep step, RowNorm norm) => step.Make((graph, value) =>
    {
        string mean = graph.Node("ReduceMean", $"{step.Name}/mean", [value], new OnnxAttribute("axes", [1L]));
        string centered = graph.Node("Sub", $"{step.Name}/centered", [value, mean]);
        string shown = norm.IsCentered ? centered : value;
        string size = norm.Kind switch
        {
            RowNormKind.L1 => graph.Node("ReduceL1", $"{step.Name}/norm", [shown], new OnnxAttribute("axes", [1L])),
            RowNormKind.L2 => graph.Node("ReduceL2", $"{step.Name}/norm", [shown], new OnnxAttribute("axes", [1L])),
            RowNormKind.Infinity => graph.Node(
                "ReduceMax", $"{step.Name}/norm", [graph.Node("Abs", $"{step.Name}/sizes", [shown])], new OnnxAttribute("axes", [1L])),

            // The deviation is that from the mean, whether or not the mean is subtracted from the values.
            _ => graph.Node("Sqrt", $"{step.Name}/norm", [graph.Node(
                "ReduceMean", $"{step.Name}/variance",
                [graph.Node("Mul", $"{step.Name}/squares", [centered, centered])], new OnnxAttribute("axes", [1L]))]),
        };
        string zero = Number("zero", 0), scale = Number("scale", norm.Scale), one = Number("one", 1);
        string quotient = graph.Node("Div", $"{step.Name}/quotient", [scale, size]);
        string factor = graph.Node(
            "Where", $"{step.Name}/factor", [graph.Node("Greater", $"{step.Name}/positive", [size, zero]), quotient, scale]);
        string isSmall = graph.Node("Less", $"{step.Name}/small", [factor, Number("minimum", RowNorm.MinimumFactor)]);
        string final = graph.Node("Where", $"{step.Name}/finalFactor", [isSmall, one, factor]);
        return graph.Node("Mul", $"{step.Name}/normalized", [shown, final]);

        string Number(string part, float number) => graph.Constant<float>($"{step.Name}/{part}", OnnxElement.Single, [number]);
    });

    private static OnnxColumn Replace<T>(OnnxStep step, OnnxElement element, T missing)
        where T : unmanaged, INumber<T>
    {
        T[] replacements = step.Source.Type is VectorDataViewType vector
            ? [.. step.Map<VBuffer<T>, VBuffer<T>>(vector, Filled(vector.Size, missing))[0].DenseValues()]
            : step.Map<T, T>(step.Source.Type!, missing);
        return step.Make((graph, value) => graph.Node(
            "Where", $"{step.Name}/replaced",
            [
                graph.Node("IsNaN", $"{step.Name}/missing", [value]),
                graph.Constant<T>($"{step.Name}/replacement", element, replacements),
                value,
            ]));
    }

    private static VBuffer<T> Filled<T>(int length, T value)
    {
        var values = new T[length];
        Array.Fill(values, value);
        return new VBuffer<T>(length, values);
    }
}
