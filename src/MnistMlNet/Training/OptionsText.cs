using System.Globalization;
using System.Reflection;
using Microsoft.ML;

namespace MnistMlNet.Training;

/// <summary>The options of a run as text, for the history and for checkpoints.</summary>
internal static class OptionsText
{
    /// <summary>Lists every option by name, those left open with what was chosen for them.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Describe(TwoLayerNetworkTrainer.Options options, TrainingPlan plan)
    {
        var chosen = new Dictionary<string, object>
        {
            [nameof(options.NumberOfEpochs)] = plan.NumberOfEpochs,
            [nameof(options.BatchSize)] = plan.BatchSize,
            [nameof(options.LearningRate)] = plan.LearningRate,
            [nameof(options.LearningRateSchedule)] = plan.LearningRateSchedule,
            [nameof(options.L2Regularization)] = plan.L2Regularization,
            [nameof(options.Seed)] = plan.Seed,
        };
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (FieldInfo field in typeof(TwoLayerNetworkTrainer.Options).GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = chosen.TryGetValue(field.Name, out object? choice) ? choice : field.GetValue(options);
            switch (value)
            {
                case CancellationToken:
                    break;
                case Delegate:
                    pairs.Add(new(field.Name, "(a callback)"));
                    break;
                case IDataView:
                    pairs.Add(new(field.Name, "(a data view)"));
                    break;
                case IReadOnlyDictionary<string, float> weights:
                    pairs.AddRange(weights.Select(pair => new KeyValuePair<string, string>($"{field.Name}[{pair.Key}]", Text(pair.Value))));
                    break;
                default:
                    pairs.Add(new(field.Name, Text(value)));
                    break;
            }
        }

        return pairs;
    }

    private static string Text(object? value) => value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
