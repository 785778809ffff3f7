using Microsoft.ML;

namespace MnistMlNet.Tool.Training;

/// <summary>The network of a chain.</summary>
/// <param name="Model">Its parameters.</param>
/// <param name="Label">The label's column in the training; null where it isn't known.</param>
/// <param name="Labels">The columns of the file that the label has: several where the network has an output for each.</param>
internal sealed record TrainedNetwork(TwoLayerNetworkModelParametersBase Model, string? Label, IReadOnlyList<string> Labels)
{
    public static TrainedNetwork Find(ITransformer model)
    {
        var found = Reporting.Results.TrainedNetwork.Find(model);
        string label = found.LabelColumnName ?? "Label";
        return new TrainedNetwork(found.Model, found.LabelColumnName, found.Model switch
        {
            TwoLayerNetworkMultilabelModelParameters or TwoLayerNetworkRegressionModelParameters { OutputCount: > 1 } => found.OutputNames,
            _ => [label],
        });
    }
}
