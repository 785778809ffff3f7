using Microsoft.ML;

namespace MnistMlNet.Reporting.Results;

/// <summary>The network of a model, and the steps before it.</summary>
/// <param name="Before">The steps that prepare the network's input, in their order.</param>
/// <param name="Transformer">The step that scores.</param>
/// <param name="Model">Its parameters.</param>
internal sealed record TrainedNetwork(
    IReadOnlyList<ITransformer> Before, ISingleFeaturePredictionTransformer<object> Transformer, TwoLayerNetworkModelParametersBase Model)
{
    /// <summary>Gets the history of the training; null where the parameters weren't trained here.</summary>
    public TrainingHistory? History => Transformer switch
    {
        TwoLayerNetworkTransformerBase<TwoLayerNetworkModelParameters> classes => classes.History,
        TwoLayerNetworkTransformerBase<TwoLayerNetworkRegressionModelParameters> numbers => numbers.History,
        TwoLayerNetworkTransformerBase<TwoLayerNetworkMultilabelModelParameters> labels => labels.History,
        _ => (Model as TwoLayerNetworkBinaryModelParameters)?.History,
    };

    /// <summary>Gets the label's column in the training; null where it isn't known.</summary>
    public string? LabelColumnName =>
        History?.Options.FirstOrDefault(pair => pair.Key == nameof(TwoLayerNetworkOptions.LabelColumnName)).Value;

    /// <summary>Gets the names of the outputs: classes, labels, or numbers.</summary>
    public IReadOnlyList<string> OutputNames => Model switch
    {
        TwoLayerNetworkModelParameters classes => classes.ClassNames,
        TwoLayerNetworkRegressionModelParameters numbers when numbers.OutputNames.Length == numbers.OutputCount => numbers.OutputNames,
        TwoLayerNetworkMultilabelModelParameters labels when labels.LabelNames.Length == labels.OutputCount => labels.LabelNames,
        { OutputCount: 1 } => ["output"],
        _ => [.. Enumerable.Range(0, Model.OutputCount).Select(output => $"output {output}")],
    };

    /// <summary>Finds the last network of a transformer or of a chain, which may contain other chains.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static TrainedNetwork Find(ITransformer model)
    {
        ITransformer[] steps = [.. Flatten(model)];
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            // A loaded model of two classes is of an internal type of ML.NET, which only this interface shows.
            if (steps[i] is ISingleFeaturePredictionTransformer<object> { Model: TwoLayerNetworkModelParametersBase network } scorer)
            {
                return new TrainedNetwork(steps[..i], scorer, network);
            }
        }

        throw new ArgumentException(
            "The model has no two-layer network of MnistMlNet; its steps are "
                + $"{string.Join(", ", steps.Select(step => step.GetType().Name))}. Give the transformer that Fit "
                + "returned, or the chain that contains it.",
            nameof(model));
    }

    /// <summary>Prepares rows as the network needs them.</summary>
    public IDataView Prepare(IDataView rows) => Before.Aggregate(rows, (data, step) => step.Transform(data));

    private static IEnumerable<ITransformer> Flatten(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(Flatten) : [model];
}
