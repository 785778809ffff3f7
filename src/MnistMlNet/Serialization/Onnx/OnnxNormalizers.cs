using System.Collections.Immutable;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>Normalizers of <see cref="float"/> and <see cref="double"/>, of one value or of a vector.</summary>
internal static class OnnxNormalizers
{
    /// <summary>Makes a normalized column.</summary>
    public static OnnxColumn Of(
        NormalizingTransformer.NormalizerModelParametersBase parameters, string name, OnnxColumn source, string step) =>
        Of<float>(parameters, name, source, step, OnnxElement.Single, NumberDataViewType.Single)
            ?? Of<double>(parameters, name, source, step, OnnxElement.Double, NumberDataViewType.Double)
            ?? OnnxColumn.Unusable(
                name,
                $"{step} can't be written as ONNX: its normalizer of the column '{Shown.Text(name)}' is a {parameters.GetType().Name}, "
                    + $"which has no counterpart there.");

    private static OnnxColumn? Of<T>(
        NormalizingTransformer.NormalizerModelParametersBase parameters, string name, OnnxColumn source, string step,
        OnnxElement element, DataViewType item)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Func<OnnxGraph, string, string>? add = parameters switch
        {
            NormalizingTransformer.AffineNormalizerModelParameters<T> one =>
                (graph, value) => Affine(graph, name, element, value, [one.Scale], [one.Offset]),
            NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<T>> many =>
                (graph, value) => Affine(graph, name, element, value, Values(many.Scale), Values(many.Offset)),
            NormalizingTransformer.BinNormalizerModelParameters<T> one =>
                (graph, value) => Bins(graph, name, element, value, [Values(one.UpperBounds)], [one.Density], [one.Offset]),
            NormalizingTransformer.BinNormalizerModelParameters<ImmutableArray<T>> many =>
                (graph, value) => Bins(
                    graph, name, element, value, [.. many.UpperBounds.Select(Values)], Values(many.Density), Values(many.Offset)),
            NormalizingTransformer.CdfNormalizerModelParameters<T> one =>
                (graph, value) => Cdf(graph, name, element, value, [one.Mean], [one.StandardDeviation], one.UseLog),
            NormalizingTransformer.CdfNormalizerModelParameters<ImmutableArray<T>> many =>
                (graph, value) => Cdf(graph, name, element, value, Values(many.Mean), Values(many.StandardDeviation), many.UseLog),
            _ => null,
        };
        return add is null
            ? null
            : OnnxColumn.Computed(name, source.Type, [source], step, item, (graph, values) => add(graph, values[0]));
    }

    private static T[] Values<T>(ImmutableArray<T> values) => values.IsDefault ? [] : [.. values];

    /// <summary><c>(x - offset) · scale</c>; no offsets stand for zeros.</summary>
    private static string Affine<T>(OnnxGraph graph, string name, OnnxElement element, string value, T[] scale, T[] offset)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (offset.AsSpan().ContainsAnyExcept(T.Zero))
        {
            value = graph.Node("Sub", $"{name}/centered", [value, graph.Constant<T>($"{name}/offset", element, offset)]);
        }

        return graph.Node("Mul", $"{name}/scaled", [value, graph.Constant<T>($"{name}/scale", element, scale)]);
    }

    /// <summary>
    /// <c>i / density - offset</c>, where i is the number of upper bounds below the value, without the last bound; NaN for NaN.
    /// </summary>
    private static string Bins<T>(
        OnnxGraph graph, string name, OnnxElement element, string value, T[][] upperBounds, T[] density, T[] offset)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // One row for each slot, as long as the longest. No value is above infinity.
        int count = Math.Max(1, upperBounds.Max(bounds => bounds.Length - 1));
        T[] table = [.. upperBounds.SelectMany(bounds => Enumerable.Range(0, count)
            .Select(i => i < bounds.Length - 1 ? bounds[i] : T.PositiveInfinity))];
        string bounds = graph.Constant<T>($"{name}/bounds", element, [upperBounds.Length, count], table);
        string above = graph.Node("Greater", $"{name}/above", [graph.Unsqueeze(value, 2, $"{name}/values"), bounds]);
        string ones = graph.Node("Cast", $"{name}/ones", [above], OnnxAttribute.To(element));
        string bin = graph.ReduceSum(ones, 2, $"{name}/bin");
        string result = graph.Node("Div", $"{name}/binned", [bin, graph.Constant<T>($"{name}/density", element, density)]);
        if (offset.AsSpan().ContainsAnyExcept(T.Zero))
        {
            result = graph.Node("Sub", $"{name}/moved", [result, graph.Constant<T>($"{name}/offset", element, offset)]);
        }

        return graph.Node("Where", $"{name}/normalized", [graph.Node("IsNaN", $"{name}/missing", [value]), value, result]);
    }

    /// <summary>
    /// ML.NET's approximation of the normal distribution function of the value or of its logarithm; 0 where that isn't finite.
    /// </summary>
    /// <remarks>
    /// <c>½ + ½ · sign(x) · √(1 - exp(-x²/2 · (4/π + a·x²/2) / (1 + a·x²/2)))</c> with a = 0.147, in double as in ML.NET: near 0, the
    /// difference under the root needs the digits.
    /// </remarks>
    private static string Cdf<T>(
        OnnxGraph graph, string name, OnnxElement element, string value, T[] mean, T[] standardDeviation, bool usesLog)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (usesLog)
        {
            string log = graph.Node("Log", $"{name}/log", [graph.Cast(value, OnnxElement.Double, $"{name}/exact")]);
            value = graph.Cast(log, element, $"{name}/logarithm");
        }

        string isFinite = graph.Node(
            "Less", $"{name}/finite",
            [graph.Node("Abs", $"{name}/size", [value]), graph.Constant<T>($"{name}/infinity", element, [T.PositiveInfinity])]);
        bool[] varies = [.. standardDeviation.Select(deviation => deviation > T.Epsilon)];
        string isUsed = graph.Node(
            "And", $"{name}/used", [isFinite, graph.Constant<bool>($"{name}/varies", OnnxElement.Boolean, varies)]);
        string centered = graph.Node("Sub", $"{name}/centered", [value, graph.Constant<T>($"{name}/mean", element, mean)]);
        string units = graph.Node("Div", $"{name}/units", [centered, graph.Constant<T>($"{name}/deviation", element, standardDeviation)]);
        string half = Number("half", 0.5), one = Number("one", 1);
        string square = graph.Node("Mul", $"{name}/square", [units, units]);
        string squares = graph.Node("Mul", $"{name}/squares", [square, Typed("halfUnit", 0.5)]);
        string product = graph.Node("Mul", $"{name}/part", [squares, Typed("a", 0.147)]);
        string part = graph.Cast(product, OnnxElement.Double, $"{name}/exactPart");
        string numerator = graph.Node("Add", $"{name}/numerator", [part, Number("fourByPi", 4 / Math.PI)]);
        string ratio = graph.Node("Div", $"{name}/ratio", [numerator, graph.Node("Add", $"{name}/denominator", [part, one])]);
        string exact = graph.Cast(squares, OnnxElement.Double, $"{name}/exactSquares");
        string exponent = graph.Node("Neg", $"{name}/exponent", [graph.Node("Mul", $"{name}/product", [exact, ratio])]);
        string difference = graph.Node("Sub", $"{name}/difference", [one, graph.Node("Exp", $"{name}/exp", [exponent])]);
        string root = graph.Node("Sqrt", $"{name}/root", [difference]);
        string sign = graph.Cast(graph.Node("Sign", $"{name}/sign", [units]), OnnxElement.Double, $"{name}/exactSign");
        string scaled = graph.Node("Mul", $"{name}/halved", [graph.Node("Mul", $"{name}/signed", [sign, root]), half]);
        string result = graph.Cast(graph.Node("Add", $"{name}/distribution", [scaled, half]), element, $"{name}/rounded");
        return graph.Node("Where", $"{name}/normalized", [isUsed, result, Typed("unused", 0)]);

        string Number(string part, double number) => graph.Constant<double>($"{name}/{part}", OnnxElement.Double, [number]);

        string Typed(string part, double number) => graph.Constant<T>($"{name}/{part}", element, [T.CreateChecked(number)]);
    }
}
