using System.Globalization;
using System.Reflection;
using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>The trainer's options as given, all of them, and what the trainer chose where they were not given.</summary>
internal static class OptionFacts
{
    public static IEnumerable<Fact> Of(TwoLayerNetworkTrainer.Options options, TrainingStart? start, TrainingHistory history)
    {
        // By reflection, so that an option of a later release isn't left out; callbacks and tokens aren't settings.
        foreach (FieldInfo field in typeof(TwoLayerNetworkTrainer.Options).GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!typeof(Delegate).IsAssignableFrom(field.FieldType) && field.FieldType != typeof(CancellationToken))
            {
                yield return new Fact(field.Name, Text(field.GetValue(options)) ?? NotGiven(field.Name, start, history));
            }
        }
    }

    // Data and dictionaries don't fit into a cell; that they were given is still worth knowing.
    private static string? Text(object? value) => value switch
    {
        null => null,
        string or bool or IFormattable => Convert.ToString(value, CultureInfo.InvariantCulture),
        _ => "given",
    };

    private static string NotGiven(string name, TrainingStart? start, TrainingHistory history) => name switch
    {
        nameof(TwoLayerNetworkTrainer.Options.NumberOfEpochs) => $"not given; {history.Epochs.Count} done",
        nameof(TwoLayerNetworkTrainer.Options.BatchSize) => $"not given; {history.BatchSize} chosen",
        nameof(TwoLayerNetworkTrainer.Options.LearningRate) when history.Epochs.Count > 0 =>
            $"not given; {history.Epochs[0].LearningRate:G3} at the end of the first epoch",
        nameof(TwoLayerNetworkTrainer.Options.NumberOfThreads) when start is not null => $"not given; {start.Threads} chosen",
        _ => "not given",
    };
}
