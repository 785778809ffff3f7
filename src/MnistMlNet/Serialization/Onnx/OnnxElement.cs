namespace MnistMlNet.Serialization.Onnx;

/// <summary>The types of a tensor's elements, by their numbers in onnx.proto's <c>TensorProto.DataType</c>.</summary>
internal enum OnnxElement
{
    Single = 1,
    Byte = 2,
    SByte = 3,
    UInt16 = 4,
    Int16 = 5,
    Int32 = 6,
    Int64 = 7,
    Text = 8,
    Boolean = 9,
    Double = 11,
    UInt32 = 12,
    UInt64 = 13,
}
