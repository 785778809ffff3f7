using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Loader;

internal static class Scores
{
    /// <summary>
    /// Scores a binary view and writes the bits of all scores and then of all predicted keys; gives the type of the model.
    /// </summary>
    public static string? Write(string modelPath, string rowsPath, string outputPath)
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(modelPath, out DataViewSchema _);
        IDataView scored = model.Transform(mlContext.Data.LoadFromBinary(rowsPath));
        using var writer = new BinaryWriter(File.Create(outputPath));
        foreach (float probability in scored.GetColumn<float[]>("Score").SelectMany(score => score))
        {
            writer.Write(probability);
        }

        foreach (uint key in scored.GetColumn<uint>("PredictedLabel"))
        {
            writer.Write(key);
        }

        return model.GetType().FullName;
    }
}
