using System.Globalization;
using Microsoft.ML.Data;
using MnistMlNet.Data;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>Steps from values to keys and from keys to values: the parts of one-hot encoding.</summary>
internal static class OnnxKeySteps
{
    /// <summary>Up to this number of keys, a key is exact as a float.</summary>
    private const int MaximumKeys = 1 << 24;

    /// <summary><c>MapValueToKey</c>: the key of a value, from 1; 0 for a value that has none.</summary>
    public static OnnxColumn ToKey(OnnxStep step)
    {
        if (ClassLabels.From(step.Column) is not { } labels || step.SourceItem is KeyDataViewType)
        {
            return step.Refuse($"becomes a key of values of the type {step.SourceItem}, which aren't in its annotations.");
        }

        if (labels.Values.Length > MaximumKeys)
        {
            return step.Refuse($"has {labels.Values.Length} keys; at most {MaximumKeys} can be written.");
        }

        return OnnxElements.Of(step.SourceItem) switch
        {
            OnnxElement.Text => ToKey<ReadOnlyMemory<char>>(step, labels, text => text.AsMemory(), (graph, value, keys) =>
                Encode(graph, step, value, new OnnxAttribute("keys_strings", [.. keys.Select(key => key.ToString())]))),
            OnnxElement.Single => ToKey(step, labels, text => float.Parse(text, CultureInfo.InvariantCulture), (graph, value, keys) =>
                Encode(graph, step, value, new OnnxAttribute("keys_floats", keys))),
            OnnxElement.Double => ToKey(step, labels, text => double.Parse(text, CultureInfo.InvariantCulture), (graph, value, keys) =>
                Compare(graph, step, value, keys)),
            OnnxElement.Boolean => Integers(step, labels, text => text is "True" or "1", value => value ? 1 : 0),
            OnnxElement.SByte => Integers(step, labels, text => sbyte.Parse(text, CultureInfo.InvariantCulture), value => value),
            OnnxElement.Byte => Integers(step, labels, text => byte.Parse(text, CultureInfo.InvariantCulture), value => value),
            OnnxElement.Int16 => Integers(step, labels, text => short.Parse(text, CultureInfo.InvariantCulture), value => value),
            OnnxElement.UInt16 => Integers(step, labels, text => ushort.Parse(text, CultureInfo.InvariantCulture), value => value),
            OnnxElement.Int32 => Integers(step, labels, text => int.Parse(text, CultureInfo.InvariantCulture), value => value),
            OnnxElement.UInt32 => Integers(step, labels, text => uint.Parse(text, CultureInfo.InvariantCulture), value => value),
            OnnxElement.Int64 => Integers(step, labels, text => long.Parse(text, CultureInfo.InvariantCulture), value => value),
            OnnxElement.UInt64 => Integers(
                step, labels, text => ulong.Parse(text, CultureInfo.InvariantCulture), value => unchecked((long)value)),
            _ => step.Refuse($"becomes a key of values of the type {step.SourceItem}, which ONNX doesn't have."),
        };
    }

    /// <summary><c>MapKeyToVector</c>: one slot for each key; a vector of keys is joined or, as a bag, added up.</summary>
    public static OnnxColumn ToVector(OnnxStep step)
    {
        int count = KeyCount(step), width = step.Source.Width;
        bool isBag = step.Width == count;
        return step.Make((graph, value) =>
        {
            string keys = graph.Constant<long>(
                $"{step.Name}/keys", OnnxElement.Int64, [1, 1, count], [.. Enumerable.Range(1, count).Select(key => (long)key)]);
            string equal = graph.Node("Equal", $"{step.Name}/equal", [graph.Unsqueeze(value, 2, $"{step.Name}/key"), keys]);
            string ones = graph.Cast(equal, OnnxElement.Single, $"{step.Name}/indicators");
            return isBag && width != 1
                ? graph.ReduceSum(ones, 1, $"{step.Name}/bag")
                : graph.Flatten(ones, step.Width, $"{step.Name}/vector");
        });
    }

    /// <summary><c>MapKeyToBinaryVector</c>: the bits that ML.NET gives for each key.</summary>
    public static OnnxColumn ToBits(OnnxStep step)
    {
        int count = KeyCount(step), bits = step.Width / step.Source.Width;
        float[][] table = [.. Keys<VBuffer<float>>(step, count).Select(vector => vector.DenseValues().Take(bits).ToArray())];
        return step.Make((graph, value) =>
        {
            string rows = graph.Constant<float>(
                $"{step.Name}/codes", OnnxElement.Single, [count + 1, bits], [.. table.SelectMany(row => row)]);
            return graph.Flatten(graph.Node("Gather", $"{step.Name}/bits", [rows, value]), step.Width, $"{step.Name}/vector");
        });
    }

    /// <summary><c>MapKeyToValue</c>: the value that ML.NET gives for each key.</summary>
    public static OnnxColumn ToValue(OnnxStep step) => OnnxElements.Of(step.Item) switch
    {
        OnnxElement.Text => step.Make((graph, value) => graph.Node("Gather", $"{step.Name}/value",
            [graph.Constant($"{step.Name}/values", [.. Keys<ReadOnlyMemory<char>>(step, KeyCount(step)).Select(key => key.ToString())]),
                value])),
        OnnxElement.Single => ToValue<float>(step, OnnxElement.Single),
        OnnxElement.Double => ToValue<double>(step, OnnxElement.Double),
        OnnxElement.Boolean => ToValue<bool>(step, OnnxElement.Boolean),
        OnnxElement.SByte => ToValue<sbyte>(step, OnnxElement.SByte),
        OnnxElement.Byte => ToValue<byte>(step, OnnxElement.Byte),
        OnnxElement.Int16 => ToValue<short>(step, OnnxElement.Int16),
        OnnxElement.UInt16 => ToValue<ushort>(step, OnnxElement.UInt16),
        OnnxElement.Int32 => ToValue<int>(step, OnnxElement.Int32),
        OnnxElement.UInt32 => ToValue<uint>(step, OnnxElement.UInt32),
        OnnxElement.Int64 => ToValue<long>(step, OnnxElement.Int64),
        OnnxElement.UInt64 => ToValue<ulong>(step, OnnxElement.UInt64),
        _ => step.Refuse($"has values of the type {step.Item}, which ONNX doesn't have."),
    };

    private static OnnxColumn ToValue<T>(OnnxStep step, OnnxElement element)
        where T : unmanaged => step.Make((graph, value) => graph.Node("Gather", $"{step.Name}/value",
        [graph.Constant<T>($"{step.Name}/values", element, Keys<T>(step, KeyCount(step))), value]));

    private static OnnxColumn Integers<T>(OnnxStep step, ClassLabels labels, Func<string, T> parse, Func<T, long> number)
        where T : notnull => ToKey(step, labels, parse, (graph, value, keys) =>
    {
        // The encoder maps integers to floats and to texts only.
        string integers = graph.Cast(value, OnnxElement.Int64, $"{step.Name}/integer");
        string encoded = graph.MachineLearningNode(
            "LabelEncoder", $"{step.Name}/encoded", [integers], new OnnxAttribute("keys_int64s", [.. keys.Select(number)]),
            new OnnxAttribute("values_floats", [.. Enumerable.Range(1, keys.Length).Select(key => (float)key)]),
            new OnnxAttribute("default_float", 0f));
        return graph.Cast(encoded, OnnxElement.Int64, $"{step.Name}/key");
    });

    /// <summary>Makes a column of keys, after ML.NET has mapped the values to the keys 1, 2, ….</summary>
    private static OnnxColumn ToKey<T>(
        OnnxStep step, ClassLabels labels, Func<string, T> parse, Func<OnnxGraph, string, T[], string> encode)
        where T : notnull
    {
        // OneHotEncoding keeps the values of its keys as texts.
        T[] values = labels.Values is T[] own && labels.Values.GetType() == typeof(T[]) ? own : [.. labels.Texts.Select(parse)];
        uint[] keys = step.Map<T, uint>(step.SourceItem, values);
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] != i + 1)
            {
                return step.Refuse($"has the value '{labels.Texts[i]}' for the key {i + 1} in its annotations, but ML.NET gives this value "
                    + $"the key {keys[i]}.");
            }
        }

        return step.Make((graph, value) => encode(graph, value, values));
    }

    private static string Encode(OnnxGraph graph, OnnxStep step, string value, OnnxAttribute keys)
    {
        int count = keys.Value is Array values ? values.Length : 0;
        return graph.MachineLearningNode(
            "LabelEncoder", $"{step.Name}/key", [value], keys,
            new OnnxAttribute("values_int64s", [.. Enumerable.Range(1, count).Select(key => (long)key)]),
            new OnnxAttribute("default_int64", 0));
    }

    /// <summary>The key by comparison with every value: the encoder has no doubles.</summary>
    private static string Compare(OnnxGraph graph, OnnxStep step, string value, double[] keys)
    {
        string table = graph.Constant<double>($"{step.Name}/values", OnnxElement.Double, [1, 1, keys.Length], keys);
        string equal = graph.Node("Equal", $"{step.Name}/equal", [graph.Unsqueeze(value, 2, $"{step.Name}/compared"), table]);
        string numbers = graph.Constant<float>(
            $"{step.Name}/numbers", OnnxElement.Single, [.. Enumerable.Range(1, keys.Length).Select(key => (float)key)]);
        string chosen = graph.Node("Mul", $"{step.Name}/chosen", [graph.Cast(equal, OnnxElement.Single, $"{step.Name}/ones"), numbers]);
        return graph.Cast(graph.ReduceSum(chosen, 2, $"{step.Name}/sum"), OnnxElement.Int64, $"{step.Name}/key");
    }

    private static int KeyCount(OnnxStep step) => checked((int)((KeyDataViewType)step.SourceItem).Count);

    /// <summary>What ML.NET makes of the missing key, and of each key.</summary>
    private static T[] Keys<T>(OnnxStep step, int count) => step.SourceItem.RawType switch
    {
        var type when type == typeof(byte) => Keys<byte, T>(step, count, key => (byte)key),
        var type when type == typeof(ushort) => Keys<ushort, T>(step, count, key => (ushort)key),
        var type when type == typeof(ulong) => Keys<ulong, T>(step, count, key => (ulong)key),
        _ => Keys<uint, T>(step, count, key => (uint)key),
    };

    private static TOutput[] Keys<TInput, TOutput>(OnnxStep step, int count, Func<int, TInput> key) =>
        step.Map<TInput, TOutput>(step.SourceItem, [.. Enumerable.Range(0, count + 1).Select(key)]);
}
