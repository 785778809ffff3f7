using System.Globalization;
using System.Reflection;
using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>The trainer's options as given, all of them, and what the trainer chose where they were left open.</summary>
internal static class OptionFacts
{
    public static IEnumerable<Fact> Of(TwoLayerNetworkTrainer.Options options, TrainingStart? start, TrainingHistory history)
    {
        // By reflection, so that an option of a later release isn't left out; callbacks and tokens aren't settings.
        foreach (FieldInfo field in typeof(TwoLayerNetworkTrainer.Options).GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!typeof(Delegate).IsAssignableFrom(field.FieldType) && field.FieldType != typeof(CancellationToken))
            {
                yield return new Fact(field.Name, Text(field.GetValue(options)) ?? LeftOpen(field.Name, start, history));
            }
        }
    }

    private static string? Text(object? value) => value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);

    private static string LeftOpen(string name, TrainingStart? start, TrainingHistory history) => name switch
    {
        nameof(TwoLayerNetworkTrainer.Options.NumberOfEpochs) => $"left open; {history.Epochs.Count} done",
        nameof(TwoLayerNetworkTrainer.Options.BatchSize) => $"left open; {history.BatchSize} chosen",
        nameof(TwoLayerNetworkTrainer.Options.LearningRate) when history.Epochs.Count > 0 => $"left open; {history.Epochs[0].LearningRate:G3} at the end of the first epoch",
        nameof(TwoLayerNetworkTrainer.Options.NumberOfThreads) when start is not null => $"left open; {start.Threads} chosen",
        nameof(TwoLayerNetworkTrainer.Options.ExampleWeightColumnName) => "none",
        _ => "left open",
    };
}
