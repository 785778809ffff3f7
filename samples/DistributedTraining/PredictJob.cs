using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;
using MnistMlNet.Mpi;

namespace DistributedTraining;

/// <summary>Scores a folder of files, of which each rank takes every Size-th. The ranks need no exchange.</summary>
internal static class PredictJob
{
    public static int Run(MpiCollective mpi, (string Input, string Model, string Output) settings)
    {
        var mlContext = new MLContext();
        ITransformer model = mlContext.Model.Load(settings.Model, out _);
        TwoLayerNetworkTransformer network = (model as IEnumerable<ITransformer> ?? [model]).OfType<TwoLayerNetworkTransformer>().Single();
        string[] files = [.. Directory.GetFiles(settings.Input, "*.csv").Order(StringComparer.Ordinal)];
        Directory.CreateDirectory(settings.Output);
        long count = 0;
        for (int file = mpi.Rank; file < files.Length; file += mpi.Size)
        {
            count += Score(mlContext, network, files[file], Path.Combine(settings.Output, Path.GetFileName(files[file])));
        }

        Console.WriteLine($"Rank {mpi.Rank} of {mpi.Size} on {mpi.HostName} has scored {count} rows.");
        return 0;
    }

    private static long Score(MLContext mlContext, TwoLayerNetworkTransformer network, string input, string output)
    {
        IDataView rows = mlContext.Data.LoadFromTextFile(input, new TextLoader.Options
        {
            Separators = [','],
            Columns = [new TextLoader.Column(network.FeatureColumnName, DataKind.Single, 0, network.Model.InputCount - 1)],
        });
        long count = 0;
        string temporary = output + ".part";                                       // renamed at the end, so that a file is always complete
        using (var writer = new StreamWriter(temporary))
        {
            foreach (float[] scores in network.Transform(rows).GetColumn<float[]>("Score"))
            {
                int best = Array.IndexOf(scores, scores.Max());
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{network.Model.ClassNames[best]},{scores[best]}"));
                count++;
            }
        }

        File.Move(temporary, output, overwrite: true);
        return count;
    }
}
