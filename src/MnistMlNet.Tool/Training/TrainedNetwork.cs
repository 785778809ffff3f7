using Microsoft.ML;

namespace MnistMlNet.Tool.Training;

/// <summary>The network of a chain.</summary>
/// <param name="Model">Its parameters.</param>
/// <param name="Label">The label's column in the training; null where it isn't known.</param>
internal sealed record TrainedNetwork(TwoLayerNetworkModelParametersBase Model, string? Label)
{
    public static TrainedNetwork Find(ITransformer model)
    {
        var found = Reporting.Results.TrainedNetwork.Find(model);
        return new TrainedNetwork(found.Model, found.LabelColumnName);
    }
}
