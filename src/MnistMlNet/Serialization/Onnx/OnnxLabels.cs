using MnistMlNet.Data;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>
/// What the classes are called, as a table of an ONNX graph. Behind the last class stands what ML.NET gives for a missing label.
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

        // By the exact type: to the runtime an sbyte[] is a byte[], too.
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

    /// <summary>Adds the table to a graph and gives its name there.</summary>
    public string AddTo(OnnxGraph graph, string name) => _add(graph, name);

    private static OnnxLabels Numbers<T>(OnnxElement element, T[] values, T missing)
        where T : unmanaged =>
        new(element, (graph, name) => graph.Constant<T>(name, element, [.. values, missing]));
}
