using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MnistMlNet.Tests.Trust.Comparing;

/// <summary>
/// Cases and the trainer's results for them, for another program to read: a line of JSON each, and all arrays in one file of floats.
/// </summary>
internal sealed class CaseFiles : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly StreamWriter _lines;
    private readonly FileStream _values;

    public CaseFiles(string folder)
    {
        _lines = new StreamWriter(Path.Combine(folder, "cases.jsonl"));
        _values = File.Create(Path.Combine(folder, "values.bin"));
    }

    /// <param name="result">Null where training diverged.</param>
    /// <param name="epochs">The completed epochs.</param>
    public void Add(RandomCase drawn, TwoLayerNetworkModelParameters? result, IReadOnlyList<TrainingEpoch> epochs) =>
        _lines.WriteLine(JsonSerializer.Serialize(
        new
        {
            drawn.Number,
            Inputs = drawn.Initial.InputCount,
            Classes = drawn.Initial.ClassCount,
            Options = Simple(drawn.Options),
            Training = Rows(drawn.Training),
            Validation = drawn.Validation is null ? null : Rows(drawn.Validation),
            Initial = Parameters(drawn.Initial),
            Result = result is null ? null : Parameters(result),
            Epochs = epochs.Select(epoch =>
                new { epoch.TrainLoss, epoch.TrainAccuracy, epoch.ValidationLoss, epoch.ValidationAccuracy, epoch.LearningRate }),
        },
        s_json));

    public void Dispose()
    {
        _lines.Dispose();
        _values.Dispose();
    }

    /// <summary>All options that are numbers, enumerations or texts, so that an option that is added later is included, too.</summary>
    private static Dictionary<string, object?> Simple(TwoLayerNetworkTrainer.Options options) =>
        typeof(TwoLayerNetworkTrainer.Options).GetFields()
        .Where(field => (Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType) is { } type
            && (type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(IReadOnlyDictionary<string, float>)))
        .ToDictionary(field => field.Name, field => field.GetValue(options));

    private object Rows(RandomRows rows) => new { Features = Array(rows.Features), rows.Labels, Weights = Array(rows.Weights) };

    private object Parameters(TwoLayerNetworkModelParameters model) => new
    {
        W1 = Array(model.HiddenWeights.Span),
        B1 = Array(model.HiddenBiases.Span),
        W2 = Array(model.OutputWeights.Span),
        B2 = Array(model.OutputBiases.Span),
    };

    /// <returns>The index of the first value, and the number of values.</returns>
    private long[] Array(ReadOnlySpan<float> values)
    {
        long first = _values.Position / sizeof(float);
        _values.Write(MemoryMarshal.AsBytes(values));
        return [first, values.Length];
    }
}
