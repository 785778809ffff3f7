using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>
/// The iris (150 rows) and wine (178 rows) tables of the UCI repository, from scikit-learn's package: features, then the class.
/// </summary>
internal static class Tables
{
    private const string Folder = "/usr/lib/python3/dist-packages/sklearn/datasets/data";

    public static string IrisPath { get; } = Path.Combine(Folder, "iris.csv");

    public static string WinePath { get; } = Path.Combine(Folder, "wine_data.csv");

    public static IDataView Iris(MLContext mlContext) => Load(mlContext, IrisPath, featureCount: 4);

    public static IDataView Wine(MLContext mlContext) => Load(mlContext, WinePath, featureCount: 13);

    private static IDataView Load(MLContext mlContext, string path, int featureCount) => mlContext.Data.LoadFromTextFile(
        path,
        new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            Columns = [new("Label", DataKind.String, featureCount), new("Features", DataKind.Single, 0, featureCount - 1)],
        });
}
