using System.Globalization;
using Microsoft.Data.Analysis;
using Microsoft.ML;

namespace Snippets.Input;

/// <summary>Trains on a DataFrame of Microsoft.Data.Analysis, and gets the predictions as a DataFrame.</summary>
internal static class FromDataFrame
{
    // The data: 768 simulated buildings, described by their form and their windows. The label is the energy that heating needs.
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);

        // The column types are those of the first rows: here all are Single. Without a culture, the computer's decimal separator is used.
        DataFrame buildings = DataFrame.LoadCsv(DataFile.Find("energy", "energy.csv"), cultureInfo: CultureInfo.InvariantCulture);
        Console.WriteLine($"{buildings.Rows.Count} buildings, {buildings.Columns.Count} columns");

        // Expected output:
        //   768 buildings, 10 columns

        // Columns are computed from columns, and rows are selected by them.
        buildings["share of walls"] = buildings["wall area"] / buildings["surface area"];
        DataFrame tall = buildings.Filter(buildings["overall height"].ElementwiseEquals(7f));
        Console.WriteLine($"{tall.Rows.Count} of them are 7 m high");

        // Expected output:
        //   384 of them are 7 m high

        // A DataFrame is an IDataView: pipelines take it as it is. Each column is one number; the trainer expects one vector.
        string[] features = [.. tall.Columns.Select(column => column.Name).Where(name => !name.EndsWith("load", StringComparison.Ordinal))];
        var pipeline = mlContext.Transforms.Concatenate("Features", features)
            .Append(mlContext.Regression.Trainers.TwoLayerNetwork(labelColumnName: "heating load"));
        DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(tall, testFraction: 0.3);
        var model = pipeline.Fit(split.TrainSet);

        // The predictions become a DataFrame again; without column names, all columns would be copied.
        DataFrame scored = model.Transform(split.TestSet).ToDataFrame("heating load", "Score");
        DataFrameColumn errors = (scored["heating load"] - scored["Score"]).Abs();
        Console.WriteLine($"Mean absolute error: {errors.Mean():F2}");

        // Expected output:
        //   Mean absolute error: 0.50
    }
}
