using System.Globalization;
using MnistMlNet.Configuration;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet;

/// <summary>The texts that models and histories give as <c>ToString()</c>, in the form of Keras' summary.</summary>
internal static class ModelSummary
{
    // Chosen by the trainer where they are left open, and worth knowing in any case; the rest is shown where it isn't the default.
    private static readonly string[] s_always =
    [
        nameof(TwoLayerNetworkOptions.Optimizer), nameof(TwoLayerNetworkOptions.LearningRate),
        nameof(TwoLayerNetworkOptions.LearningRateSchedule), nameof(TwoLayerNetworkOptions.L2Regularization),
        nameof(TwoLayerNetworkOptions.InputDropout), nameof(TwoLayerNetworkOptions.Seed),
    ];

    // In the summary's first line, or without influence on the model.
    private static readonly string[] s_never =
    [
        nameof(TwoLayerNetworkOptions.HiddenUnits), nameof(TwoLayerNetworkOptions.Activation),
        nameof(TwoLayerNetworkOptions.NumberOfEpochs), nameof(TwoLayerNetworkOptions.BatchSize),
        nameof(TwoLayerNetworkOptions.NumberOfThreads), nameof(TwoLayerNetworkOptions.EpochCallback),
        nameof(TwoLayerNetworkOptions.CancellationToken), nameof(TwoLayerNetworkOptions.CheckpointPath),
        nameof(TwoLayerNetworkOptions.CheckpointInterval), nameof(TwoLayerNetworkOptions.ResumeFromCheckpoint),
    ];

    /// <summary>Gives the network in one line, for debuggers.</summary>
    public static string OneLine(NetworkShape shape) => string.Create(
        CultureInfo.InvariantCulture,
        $"{shape.InputCount}-{shape.HiddenUnits}-{shape.OutputCount} network, {shape.Activation}, {shape.ParameterCount:N0} parameters");

    /// <summary>Gives the layers with their shapes, activations and numbers of parameters, and the names of the outputs.</summary>
    public static string Of(TwoLayerNetworkModelParametersBase model)
    {
        NetworkShape shape = model.Network.Shape;
        (string kind, IReadOnlyList<string> names) = model switch
        {
            TwoLayerNetworkModelParameters classes => ("Classes", classes.ClassNames),
            TwoLayerNetworkRegressionModelParameters numbers => ("Outputs", numbers.OutputNames),
            TwoLayerNetworkMultilabelModelParameters labels => ("Labels", labels.LabelNames),
            _ => ("Outputs", (IReadOnlyList<string>)[]),
        };
        long hidden = ((long)shape.InputCount + 1) * shape.HiddenUnits;
        long output = shape.ParameterCount - hidden;
        string table = TextTable.Format(
            ["Layer", "Shape", "Activation", "Parameters"],
            [
                ["hidden", $"{Count(shape.InputCount)} x {Count(shape.HiddenUnits)}", $"{shape.Activation}", Count(hidden)],
                ["output", $"{Count(shape.HiddenUnits)} x {Count(shape.OutputCount)}", $"{shape.Link}", Count(output)],
            ],
            ["total", "", "", Count(shape.ParameterCount)]);
        return names.Count == 0 ? table : $"{table}\n{kind}: {Shown.List(names)}";
    }

    /// <summary>Gives what training did: epochs, time, rows, the last and the best results, and the options that matter.</summary>
    public static string Of(TrainingHistory history)
    {
        if (history.Epochs.Count == 0)
        {
            return "No training history.";
        }

        TrainingEpoch last = history.Epochs[^1];
        List<string> lines =
        [
            OneLine(history) + (history.StopDescription.Length > 0 ? $": {history.StopDescription}" : ""),
            "Last epoch: " + last.Measures,
        ];
        if (history.BestEpoch > 0 && history.BestEpoch < history.Epochs.Count)
        {
            lines.Add($"Best epoch: {history.BestEpoch}, " + history.Epochs[history.BestEpoch - 1].Measures);
        }

        string options = string.Join(", ", Notable(history.Options).Select(pair => $"{pair.Key} {Shown.Text(pair.Value)}"));
        if (options.Length > 0)
        {
            lines.Add("Options: " + options);
        }

        return string.Join('\n', lines);
    }

    /// <summary>Gives the length of a training in one line, for debuggers.</summary>
    public static string OneLine(TrainingHistory history)
    {
        if (history.Epochs.Count == 0)
        {
            return "no training history";
        }

        string skipped = history.RowsSkipped == 0 ? "" : string.Create(
            CultureInfo.InvariantCulture, $", {history.RowsSkipped:N0} skipped");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{history.Epochs.Count:N0} epochs in {history.Epochs[^1].Elapsed.TotalSeconds:F2} s, {history.RowsTrained:N0} rows in batches "
                + $"of {history.BatchSize:N0}{skipped}");
    }

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Gives the options that aren't the defaults, and those that the trainer chose.</summary>
    private static IEnumerable<KeyValuePair<string, string>> Notable(IReadOnlyList<KeyValuePair<string, string>> options)
    {
        Dictionary<string, string> texts = options.DistinctBy(pair => pair.Key).ToDictionary();
        Optimizer? optimizer = Parse<Optimizer>(nameof(TwoLayerNetworkOptions.Optimizer));
        LearningRateSchedule? schedule = Parse<LearningRateSchedule>(nameof(TwoLayerNetworkOptions.LearningRateSchedule));
        var facts = new TrainingFacts(1, 1, () => 1, 0);
        TwoLayerNetworkOptions[] tasks =
        [
            new TwoLayerNetworkTrainer.Options(), new TwoLayerNetworkBinaryTrainer.Options(),
            new TwoLayerNetworkRegressionTrainer.Options(), new TwoLayerNetworkMultilabelTrainer.Options(),
        ];
        var defaults = new Dictionary<string, string>();
        foreach (TwoLayerNetworkOptions task in tasks)
        {
            // What these two are decides the defaults of others.
            (task.Optimizer, task.LearningRateSchedule) = (optimizer, schedule);
            foreach ((string name, string text) in OptionTable.Describe(task, facts))
            {
                defaults.TryAdd(name, text);
            }
        }

        return options.Where(pair => s_always.Contains(pair.Key) ? pair.Value is not ("null" or "0")
            : !s_never.Contains(pair.Key) && defaults.GetValueOrDefault(pair.Key) != pair.Value);

        T? Parse<T>(string name)
            where T : struct, Enum =>
            Enum.TryParse(texts.GetValueOrDefault(name), out T value) ? value : null;
    }
}
