using Microsoft.ML;
using Microsoft.ML.Data;
using Parquet;
using Parquet.Serialization;

namespace Snippets.Input;

/// <summary>Trains on the rows of a Parquet file, which Parquet.Net reads one row group after the other.</summary>
internal static class FromParquet
{
    // The data: 768 simulated buildings, described by their form and their windows. The label is the energy that heating needs.
    public static void Example()
    {
        var mlContext = new MLContext(seed: 0);
        string path = Path.GetTempFileName();
        try
        {
            WriteParquet(mlContext, path);

            // The file is read again at each pass over the data. Add mlContext.Data.Cache where the rows fit in memory.
            IDataView buildings = mlContext.Data.LoadFromEnumerable(ReadParquet(path));
            DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(buildings, testFraction: 0.3);

            // The columns of the file are single numbers; the trainer expects one vector.
            var pipeline = mlContext.Transforms.Concatenate("Features", nameof(Building.SurfaceArea), nameof(Building.WallArea),
                    nameof(Building.RoofArea), nameof(Building.Height), nameof(Building.GlazingArea))
                .Append(mlContext.Regression.Trainers.TwoLayerNetwork(labelColumnName: nameof(Building.HeatingLoad)));
            var model = pipeline.Fit(split.TrainSet);

            RegressionMetrics metrics = mlContext.Regression.Evaluate(model.Transform(split.TestSet), nameof(Building.HeatingLoad));
            Console.WriteLine($"Mean absolute error: {metrics.MeanAbsoluteError:F2}");
            Console.WriteLine($"R squared: {metrics.RSquared:F2}");

            // Expected output:
            //   Mean absolute error: 0.37
            //   R squared: 1.00
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Only one row group is in memory. Parquet.Net has asynchronous methods only, ML.NET's data views synchronous ones only.
    private static IEnumerable<Building> ReadParquet(string path)
    {
        using FileStream file = File.OpenRead(path);
        int groupCount = CountRowGroups(file).GetAwaiter().GetResult();
        for (int group = 0; group < groupCount; group++)
        {
            var rows = ParquetSerializer.DeserializeAsync<Building>(file, rowGroupIndex: group).GetAwaiter().GetResult();
            foreach (Building building in rows.Data)
            {
                yield return building;
            }
        }
    }

    private static async Task<int> CountRowGroups(Stream file)
    {
        await using ParquetReader reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true);
        return reader.RowGroupCount;
    }

    // Only so that there is a file to read: with row groups of 200 rows.
    private static void WriteParquet(MLContext mlContext, string path)
    {
        IDataView table = mlContext.Data.LoadFromTextFile<Building>(
            DataFile.Find("energy", "energy.csv"), separatorChar: ',', hasHeader: true);
        using FileStream file = File.Create(path);
        ParquetSerializer.SerializeAsync(
            mlContext.Data.CreateEnumerable<Building>(table, reuseRowObject: false), file,
            new ParquetOptions { RowGroupSize = 200 }).GetAwaiter().GetResult();
    }

    /// <summary>A row of the file: Parquet.Net and ML.NET both go by the names of the properties.</summary>
    private sealed class Building
    {
        [LoadColumn(1)]
        public float SurfaceArea { get; set; }

        [LoadColumn(2)]
        public float WallArea { get; set; }

        [LoadColumn(3)]
        public float RoofArea { get; set; }

        [LoadColumn(4)]
        public float Height { get; set; }

        [LoadColumn(6)]
        public float GlazingArea { get; set; }

        [LoadColumn(8)]
        public float HeatingLoad { get; set; }
    }
}
