using System.Globalization;
using System.Reflection;
using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>All of the trainer's options as given, and the values that the trainer chose for those not given.</summary>
internal static class OptionFacts
{
    public static IEnumerable<Fact> Of(TwoLayerNetworkTrainer.Options options, TrainingStart? start, TrainingHistory history)
    {
        // By reflection, so that an option of a later release is included; callbacks and tokens aren't settings.
        foreach (FieldInfo field in typeof(TwoLayerNetworkTrainer.Options).GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!typeof(Delegate).IsAssignableFrom(field.FieldType) && field.FieldType != typeof(CancellationToken))
            {
                yield return new Fact(field.Name, Text(field.GetValue(options)) ?? NotGiven(field.Name, start, history));
            }
        }
    }

    // Data and dictionaries don't fit into a cell; the report only says that they were given.
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
