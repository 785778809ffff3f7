using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Augmentations;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>What <c>Fit</c> refuses, or warns of, before the first epoch.</summary>
internal sealed class TrainingChecks(IChannel channel, TwoLayerNetworkOptions options)
{
    public void CheckRows(TrainingSet set, string purpose)
    {
        if (set.Skipped.Total > 0)
        {
            channel.Warning(MessageSensitivity.None, $"{set.Skipped.Total} {purpose} rows were skipped: {set.Skipped}.");
        }

        if (set.Rows.RowCount == 0)
        {
            throw set.Skipped.NoneLeft(purpose);
        }
    }

    /// <summary>Rejects a split with a part that has no weight: its mean loss would be 0 / 0.</summary>
    public static void CheckWeights(PackedRows rows, ValidationSplit? split)
    {
        if (rows.Weights is not { } weights || split is null)
        {
            return;
        }

        foreach ((int[] places, string purpose) in new[] { (split.Training, "training"), (split.Validation, "held-back") })
        {
            if (places.All(row => weights[row] == 0))
            {
                throw new InvalidOperationException(
                    $"The weights of all {places.Length} {purpose} rows round to 0 relative to the mean weight of all rows, so their "
                        + $"mean loss can't be computed. "
                    + "Use weights of more similar size, or give the rows for validation as Options.ValidationSet.");
            }
        }
    }

    /// <summary>Rejects texts that a model or a checkpoint can't store, before training instead of hours later.</summary>
    public static void CheckTexts(IReadOnlyList<KeyValuePair<string, string>> optionTexts, KnownNetwork known)
    {
        foreach ((string name, string value) in optionTexts)
        {
            SavedText.Check(name, "The name of an option");
            SavedText.Check(value, $"The text of Options.{name}");
        }

        foreach (string text in known.Labels?.ItemType is TextDataViewType ? known.Labels.Texts : [])
        {
            SavedText.Check(text, "The name of a class");
        }

        foreach (string text in known.OutputNames)
        {
            SavedText.Check(text, "The name of a label slot");
        }
    }

    /// <param name="argument">The name of the argument with the network, for errors.</param>
    public void CheckInitialModel(NetworkParameters? initial, string argument, TrainingColumns columns)
    {
        if (initial is null)
        {
            return;
        }

        NetworkShape shape = initial.Shape;
        OutputLink link = TaskLink.Of(options.Task, options.RegressionLoss);
        string outputs = options.Task == LearningTask.Multiclass ? "classes" : "outputs";
        if (shape.InputCount != columns.InputCount || shape.HiddenUnits != options.HiddenUnits
            || shape.OutputCount != columns.OutputCount || shape.Activation != options.Activation)
        {
            throw new ArgumentException(
                $"{argument} has {shape.InputCount} inputs, {shape.HiddenUnits} hidden units, {shape.OutputCount} {outputs} and "
                    + $"{shape.Activation}; "
                + $"this training has {columns.InputCount}, {options.HiddenUnits}, {columns.OutputCount} and {options.Activation}.",
                argument);
        }

        if (shape.Link != link)
        {
            throw new ArgumentException(
                $"{argument} gives {Describe(shape.Link)}; with Options.Loss = {options.RegressionLoss} the network gives "
                    + $"{Describe(link)}. Only with RegressionLoss.Poisson it is the exponential.",
                argument);
        }

        static string Describe(OutputLink link) => link == OutputLink.Exponential ? "the exponential of its output" : "its output itself";
    }

    /// <summary>Rejects a choice of thresholds without rows to choose them by.</summary>
    public void CheckThresholds(bool hasValidationRows)
    {
        if (!hasValidationRows && options is TwoLayerNetworkMultilabelTrainer.Options { ChooseThresholds: true })
        {
            throw new InvalidOperationException(
                "ChooseThresholds is true, and there are no validation rows to choose by. Give Options.ValidationSet, "
                    + "Options.ValidationFraction or validationData, or leave ChooseThresholds false.");
        }
    }

    /// <summary>Warns where all rows have the same class: the model can only predict that one.</summary>
    public void WarnOfOneClass(TrainingSet set, IReadOnlyList<string>? names)
    {
        if (options.Task == LearningTask.Binary && set.ClassCounts.Count(count => count > 0) == 1)
        {
            int only = Array.FindIndex(set.ClassCounts, count => count > 0);
            channel.Warning(
                MessageSensitivity.None, $"All {set.ClassCounts[only]} training rows have the label {names![only]}; the model will "
                    + $"predict nothing else.");
        }
    }

    public void CheckAugmentation(string argument, TrainingColumns columns)
    {
        try
        {
            options.Augmentation?.CheckInputCount(columns.InputCount);
            _ = options.Augmentation is null ? 0 : AugmentationCall.ScratchLength(options.Augmentation, columns.InputCount);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException(
                $"Options.Augmentation doesn't fit the feature column '{Shown.Text(columns.Features.Name)}' of {columns.InputCount} "
                    + $"features: "
                    + $"{e.Message}", argument, e);
        }
    }
}
