using System.Globalization;
using System.Text;
using System.Text.Json;
using MnistMlNet.Primitives;

namespace MnistMlNet;

/// <summary>Writes a history as CSV or JSON.</summary>
internal static class TrainingHistoryFiles
{
    private static readonly (string Name, Func<TrainingEpoch, double?> Value)[] s_measures =
    [
        (nameof(TrainingEpoch.TrainLoss), epoch => epoch.TrainLoss),
        (nameof(TrainingEpoch.TrainAccuracy), epoch => double.IsNaN(epoch.TrainAccuracy) ? null : epoch.TrainAccuracy),
        (nameof(TrainingEpoch.TrainRootMeanSquaredError), epoch => epoch.TrainRootMeanSquaredError),
        (nameof(TrainingEpoch.TrainRSquared), epoch => epoch.TrainRSquared),
        (nameof(TrainingEpoch.ValidationLoss), epoch => epoch.ValidationLoss),
        (nameof(TrainingEpoch.ValidationAccuracy), epoch => epoch.ValidationAccuracy),
        (nameof(TrainingEpoch.ValidationRootMeanSquaredError), epoch => epoch.ValidationRootMeanSquaredError),
        (nameof(TrainingEpoch.ValidationRSquared), epoch => epoch.ValidationRSquared),
        (nameof(TrainingEpoch.LearningRate), epoch => ShortestDouble(epoch.LearningRate)),
        ("ElapsedSeconds", epoch => epoch.Elapsed.TotalSeconds),
    ];

    public static void SaveCsv(TrainingHistory history, string path) => AtomicFile.Write(path, stream =>
    {
        // The line ends are those of RFC 4180's readers on every system; a missing measure is an empty cell.
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(string.Join(',', s_measures.Select(measure => measure.Name).Prepend(nameof(TrainingEpoch.Epoch))));
        foreach (TrainingEpoch epoch in history.Epochs)
        {
            writer.WriteLine(string.Join(',', s_measures
                .Select(measure => measure.Value(epoch)?.ToString("R", CultureInfo.InvariantCulture) ?? "")
                .Prepend(epoch.Epoch.ToString(CultureInfo.InvariantCulture))));
        }
    });

    public static void SaveJson(TrainingHistory history, string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        writer.WriteStartObject();
        writer.WriteNumber("rowsTrained", history.RowsTrained);
        writer.WriteNumber("rowsSkipped", history.RowsSkipped);
        writer.WriteNumber("batchSize", history.BatchSize);
        writer.WriteNumber("bestEpoch", history.BestEpoch);
        writer.WriteString("stopReason", history.StopReason.ToString());
        writer.WriteString("stopDescription", history.StopDescription);
        writer.WriteStartObject("options");
        foreach ((string name, string text) in history.Options)
        {
            writer.WriteString(name, text);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("epochs");
        foreach (TrainingEpoch epoch in history.Epochs)
        {
            Write(writer, epoch);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, TrainingEpoch epoch)
    {
        writer.WriteStartObject();
        writer.WriteNumber("epoch", epoch.Epoch);
        foreach ((string name, Func<TrainingEpoch, double?> value) in s_measures)
        {
            writer.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(name));
            if (value(epoch) is { } number && double.IsFinite(number))
            {
                writer.WriteNumberValue(number);
            }
            else
            {
                // JSON has no NaN and no infinity.
                writer.WriteNullValue();
            }
        }

        writer.WriteEndObject();
    }

    // 0.001 and not 0.0010000000474974513: the text of the float, read as a double.
    private static double ShortestDouble(float value) =>
        double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
