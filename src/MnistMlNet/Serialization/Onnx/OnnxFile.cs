using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>Writes an ONNX file with a graph.</summary>
internal static class OnnxFile
{
    /// <summary>The maximum size of a message in Protocol Buffers, whose lengths have 31 bits.</summary>
    public const long MaximumSize = int.MaxValue;

    /// <summary>The version of the format that introduced opset 13: ONNX 1.8, 2020.</summary>
    private const int IrVersion = 7;

    private const int Opset = 13;

    /// <summary>Writes a graph with a network in it, atomically.</summary>
    /// <exception cref="NotSupportedException">The file would have more than <paramref name="maximumSize"/> bytes; <paramref name="path"/>
    /// is unchanged.</exception>
    public static void Write(string path, OnnxGraph graph, TwoLayerNetworkModelParameters model, long maximumSize)
    {
        string shape = string.Create(
            CultureInfo.InvariantCulture,
            $"{model.InputCount} inputs, {model.HiddenUnits} hidden units ({model.Activation}), {model.ClassCount} classes: p = "
                + $"softmax(W2 · f(W1 · x + b1) + b2)");
        OnnxMessage file = new OnnxMessage()
            .Integer(1, IrVersion)
            .Text(2, "MnistMlNet")
            .Text(3, typeof(OnnxFile).Assembly.GetName().Version?.ToString(3) ?? "")
            .Integer(5, 1)
            .Text(6, $"A two-layer network of MnistMlNet. {shape}")
            .Message(7, graph.ToMessage("TwoLayerNetwork", shape))
            .Message(8, new OnnxMessage().Text(1, "").Integer(2, Opset))
            .Message(14, new OnnxMessage().Text(1, "classes").Text(2, JsonArray(model.ClassNames)));
        if (file.Size > maximumSize)
        {
            throw new NotSupportedException(string.Create(
                CultureInfo.InvariantCulture,
                $"'{Shown.Long(path)}' can't be written: a network of {shape} needs {file.Size:N0} bytes as ONNX, whose format allows at "
                    + $"most {maximumSize:N0}."));
        }

        AtomicFile.Write(path, file.WriteTo);
    }

    // Not with JsonSerializer, which uses reflection: this assembly must work without it.
    private static string JsonArray(IEnumerable<string> texts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (string text in texts)
            {
                writer.WriteStringValue(text);
            }

            writer.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
