using System.Globalization;
using System.Reflection;
using Microsoft.ML;

namespace MnistMlNet.Configuration;

/// <summary>The options of a run as text, for the history and for checkpoints.</summary>
internal static class OptionsText
{
    /// <summary>Lists every option by name, those left open with what was chosen for them.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Describe(TwoLayerNetworkTrainer.Options options, ResolvedOptions plan)
    {
        var chosen = new Dictionary<string, object>
        {
            [nameof(options.NumberOfEpochs)] = plan.NumberOfEpochs,
            [nameof(options.BatchSize)] = plan.BatchSize,
            [nameof(options.LearningRate)] = plan.LearningRate,
            [nameof(options.LearningRateSchedule)] = plan.LearningRateSchedule,
            [nameof(options.L2Regularization)] = plan.L2Regularization,
            [nameof(options.InputDropout)] = plan.InputDropout,
            [nameof(options.Seed)] = plan.Seed,
        };
        AddChosen(chosen, plan);
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (FieldInfo field in typeof(TwoLayerNetworkTrainer.Options).GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            object? value = chosen.TryGetValue(field.Name, out object? choice) ? choice : field.GetValue(options);
            switch (value)
            {
                case CancellationToken token:
                    pairs.Add(new(field.Name, token.CanBeCanceled ? "(a token)" : "null"));
                    break;
                case Delegate:
                    pairs.Add(new(field.Name, "(a callback)"));
                    break;
                case IDataView:
                    pairs.Add(new(field.Name, "(a data view)"));
                    break;
                case IReadOnlyDictionary<string, float> { Count: > 0 } weights:
                    pairs.AddRange(weights.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => new KeyValuePair<string, string>($"{field.Name}[{pair.Key}]", Text(pair.Value))));
                    break;
                case IReadOnlyDictionary<string, float>:
                    pairs.Add(new(field.Name, "null"));
                    break;
                default:
                    pairs.Add(new(field.Name, Text(value)));
                    break;
            }
        }

        return pairs;
    }

    /// <summary>Adds what belongs to the optimizer and the schedule; options of others are null, or else <see cref="OptionsCheck"/> would have refused them.</summary>
    private static void AddChosen(Dictionary<string, object> chosen, ResolvedOptions plan)
    {
        if (plan.Optimizer == Optimizer.Adam)
        {
            chosen.Add(nameof(plan.Beta1), plan.Beta1);
            chosen.Add(nameof(plan.Beta2), plan.Beta2);
        }

        if (plan.Optimizer is Optimizer.Adam or Optimizer.RmsProp)
        {
            chosen.Add(nameof(plan.Epsilon), plan.Epsilon);
        }

        if (plan.Optimizer == Optimizer.RmsProp)
        {
            chosen.Add(nameof(plan.RmsPropDecay), plan.RmsPropDecay);
        }

        if (plan.Optimizer == Optimizer.Lbfgs)
        {
            chosen.Add(nameof(plan.LbfgsHistorySize), plan.LbfgsHistorySize);
        }

        if (plan.LearningRateSchedule is LearningRateSchedule.Step or LearningRateSchedule.OnPlateau)
        {
            chosen.Add(nameof(plan.LearningRateDropFactor), plan.LearningRateDropFactor);
            chosen.Add(nameof(plan.LearningRateDropEpochs), plan.LearningRateDropEpochs);
        }

        if (plan.LearningRateSchedule == LearningRateSchedule.InverseScaling)
        {
            chosen.Add(nameof(plan.InverseScalingPower), plan.InverseScalingPower);
        }
    }

    private static string Text(object? value) => value is null ? "null" : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
