using System.Collections.Immutable;
using MnistMlNet.Data;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>What is known of the network before training: its outputs, and its parameters where training starts from some.</summary>
/// <param name="Network">The parameters to start from; null for random ones.</param>
internal sealed record KnownNetwork(NetworkParameters? Network)
{
    /// <summary>Gets the classes; null where they have no names, or labels aren't classes.</summary>
    public ClassLabels? Labels { get; init; }

    /// <summary>
    /// Gets the classes as text, where only their texts are known: <see cref="Labels"/> then come from the data. Null where the labels are
    /// known, or labels aren't classes; empty where the classes have no names.
    /// </summary>
    public ImmutableArray<string>? ClassTexts { get; init; }

    /// <summary>Gets the names of the label's slots; empty where it has none.</summary>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <summary>Gets whether the label is a vector, even of one slot.</summary>
    public bool IsVector { get; init; }
}

/// <summary>The result of a training, from which the trainer makes its transformer.</summary>
internal sealed record TrainedNetwork(NetworkParameters Parameters, string FeatureColumnName, TrainingHistory History)
{
    /// <inheritdoc cref="KnownNetwork.Labels"/>
    public ClassLabels? Labels { get; init; }

    /// <inheritdoc cref="KnownNetwork.OutputNames"/>
    public ImmutableArray<string> OutputNames { get; init; } = [];

    /// <inheritdoc cref="KnownNetwork.IsVector"/>
    public bool IsVector { get; init; }

    /// <summary>Gets the threshold of each label; default for 0.5.</summary>
    public ImmutableArray<float> Thresholds { get; init; }
}

/// <summary>The rows as training sees them, and how the parameters change with them.</summary>
/// <param name="Split">Which of the rows are trained on and which are held out; null for all.</param>
/// <param name="Scaling">The change of the features; null for none.</param>
/// <param name="TargetScaling">The change of the targets; null for none.</param>
/// <param name="Variances">Of the targets after the change; null where labels aren't numbers.</param>
internal sealed record PreparedRows(
    TrainingSet Set, ValidationRows Validation, ValidationSplit? Split, FeatureScaling? Scaling, TargetScaling? TargetScaling,
    TargetVariances? Variances)
{
    /// <summary>Changes the parameters that training starts from: a given network begins with the same outputs as before.</summary>
    public void Begin(NetworkParameters parameters, bool isNew)
    {
        if (Scaling is not null && !isNew)
        {
            parameters.ChangeInputs(Scaling.Scales, Scaling.Centers, offsetsByNew: false);
        }

        if (TargetScaling is { } targets && !isNew)
        {
            double[] offsets = [.. targets.Centers.Zip(targets.Scales, (center, scale) =>
                targets.IsLogarithmic ? -Math.Log(scale) : -center / scale)];
            ChangeOutputs(parameters, [.. targets.Scales.Select(scale => 1 / scale)], offsets);
        }

        for (int i = 0; i < Scaling?.IsConstant.Length && isNew; i++)
        {
            if (Scaling.IsConstant[i])
            {
                // Training doesn't change these weights. Multiplied by a constant of 1e30, their initial values would dominate a sum.
                parameters.ClearInput(i);
            }
        }
    }

    /// <summary>Changes the trained parameters so that they take features and give scores in their own units.</summary>
    public void End(NetworkParameters parameters)
    {
        if (Scaling is not null)
        {
            parameters.ChangeInputs(Scaling.Factors, [.. Scaling.Centers.ToArray().Select(center => -center)], offsetsByNew: true);
        }

        if (TargetScaling is { } targets)
        {
            ChangeOutputs(
                parameters, [.. targets.Scales],
                targets.IsLogarithmic ? [.. targets.Scales.Select(scale => Math.Log(scale))] : [.. targets.Centers]);
        }
    }

    private void ChangeOutputs(NetworkParameters parameters, double[] factors, double[] offsets) => parameters.ChangeOutputs(
        TargetScaling!.IsLogarithmic ? [.. factors.Select(_ => 1.0)] : factors, offsets);
}

/// <summary>The mean variance of the targets, by which R² is measured: an R² of 0 is that of always predicting the mean.</summary>
/// <param name="Training">Of the training rows.</param>
/// <param name="Validation">Of the validation rows; NaN without any.</param>
internal readonly record struct TargetVariances(double Training, double Validation);
