using Microsoft.ML.Data;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>The types of a tensor's elements, and the types of ML.NET that they hold.</summary>
internal static class OnnxElements
{
    /// <summary>Gets the element type for values of ML.NET; null for a type that ONNX doesn't have, such as a time.</summary>
    public static OnnxElement? Of(DataViewType item) => item.RawType switch
    {
        var type when type == typeof(float) => OnnxElement.Single,
        var type when type == typeof(double) => OnnxElement.Double,
        var type when type == typeof(bool) => OnnxElement.Boolean,
        var type when type == typeof(ReadOnlyMemory<char>) => OnnxElement.Text,
        var type when type == typeof(sbyte) => OnnxElement.SByte,
        var type when type == typeof(byte) => OnnxElement.Byte,
        var type when type == typeof(short) => OnnxElement.Int16,
        var type when type == typeof(ushort) => OnnxElement.UInt16,
        var type when type == typeof(int) => OnnxElement.Int32,
        var type when type == typeof(uint) => OnnxElement.UInt32,
        var type when type == typeof(long) => OnnxElement.Int64,
        var type when type == typeof(ulong) => OnnxElement.UInt64,
        _ => null,
    };

    /// <summary>Returns whether values are integers with or without a sign.</summary>
    public static bool IsInteger(OnnxElement element) => IsSigned(element) || IsUnsigned(element);

    /// <summary>Returns whether values are integers with a sign.</summary>
    public static bool IsSigned(OnnxElement element) =>
        element is OnnxElement.SByte or OnnxElement.Int16 or OnnxElement.Int32 or OnnxElement.Int64;

    /// <summary>Returns whether values are integers without a sign.</summary>
    public static bool IsUnsigned(OnnxElement element) =>
        element is OnnxElement.Byte or OnnxElement.UInt16 or OnnxElement.UInt32 or OnnxElement.UInt64;

    /// <summary>Gets the number of bits of an integer.</summary>
    public static int Bits(OnnxElement element) => element switch
    {
        OnnxElement.SByte or OnnxElement.Byte => 8,
        OnnxElement.Int16 or OnnxElement.UInt16 => 16,
        OnnxElement.Int32 or OnnxElement.UInt32 => 32,
        _ => 64,
    };
}
