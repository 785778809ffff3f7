using System.Buffers;
using System.Diagnostics;
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

    /// <summary>Writes a graph with a network in it, atomically.</summary>
    /// <exception cref="NotSupportedException">It would have more than <paramref name="maximumSize"/> bytes; <paramref name="path"/> hasn't
    /// been touched.</exception>
    public static void Write(string path, OnnxGraph graph, TwoLayerNetworkModelParametersBase model, long maximumSize)
    {
        (string outputs, string scores, IEnumerable<string> names) = model switch
        {
            TwoLayerNetworkModelParameters classes => ("classes", "p = softmax(W2 · f(W1 · x + b1) + b2)", classes.ClassNames),
            TwoLayerNetworkBinaryModelParameters => ("output", "p = 1 / (1 + exp(-(W2 · f(W1 · x + b1) + b2)))", []),
            TwoLayerNetworkRegressionModelParameters { IsExponential: true } counts =>
                ("outputs", "score = exp(W2 · f(W1 · x + b1) + b2)", counts.OutputNames),
            TwoLayerNetworkRegressionModelParameters numbers => ("outputs", "score = W2 · f(W1 · x + b1) + b2", numbers.OutputNames),
            TwoLayerNetworkMultilabelModelParameters answers =>
                ("labels", "p = 1 / (1 + exp(-(W2 · f(W1 · x + b1) + b2)))", answers.LabelNames),
            _ => throw new UnreachableException(),
        };
        string shape = string.Create(
            CultureInfo.InvariantCulture,
            $"{model.InputCount} inputs, {model.HiddenUnits} hidden units ({model.Activation}), {model.OutputCount} {outputs}: {scores}");
        string key = model is TwoLayerNetworkModelParameters ? "classes" : "outputs";
        OnnxMessage file = new OnnxMessage()
            .Integer(1, IrVersion)
            .Text(2, "MnistMlNet")
            .Text(3, typeof(OnnxFile).Assembly.GetName().Version?.ToString(3) ?? "")
            .Integer(5, 1)
            .Text(6, $"A two-layer network of MnistMlNet. {shape}")
            .Message(7, graph.ToMessage("TwoLayerNetwork", shape));
        foreach ((string domain, int version) in graph.Domains)
        {
            file.Message(8, new OnnxMessage().Text(1, domain).Integer(2, version));
        }

        file.Message(14, new OnnxMessage().Text(1, key).Text(2, JsonArray(names)));
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
