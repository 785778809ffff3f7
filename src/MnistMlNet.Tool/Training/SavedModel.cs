using Microsoft.ML;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tool.Training;

/// <summary>A model file of this program, or of any that saved a chain with a two-layer network.</summary>
/// <param name="MlContext">The context that loaded it.</param>
/// <param name="Model">The chain.</param>
/// <param name="Schema">The schema of its input.</param>
/// <param name="Network">The parameters of the network.</param>
/// <param name="Label">The label's column in the training.</param>
/// <param name="Labels">The label's columns in the file: that one, or several that the chain combines.</param>
internal sealed record SavedModel(
    MLContext MlContext, ITransformer Model, DataViewSchema Schema, TwoLayerNetworkModelParametersBase Network, string Label,
    IReadOnlyList<string> Labels)
{
    public static SavedModel Load(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"There is no file '{Shown.Long(path)}'. Train a model with 'mnistmlnet train', or check the path.");
        }

        var mlContext = new MLContext(seed: 1);
        ITransformer model;
        DataViewSchema schema;
        try
        {
            model = mlContext.Model.Load(path, out schema);
        }
        catch (Exception e) when (e is FormatException or InvalidDataException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{Shown.Long(path)}' is no model of ML.NET, or a damaged one: {e.Message.Split('\n')[0]}", e);
        }

        var network = TrainedNetwork.Find(model);
        return schema is null
            ? throw new InvalidDataException(
                $"'{Shown.Long(path)}' has no schema of its input. Save it with one: Model.Save(model, schema, path).")
            : new SavedModel(mlContext, model, schema, network.Model, network.Label ?? "Label", network.Labels);
    }
}
