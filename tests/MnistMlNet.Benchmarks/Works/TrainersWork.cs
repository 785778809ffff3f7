using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>
/// ML.NET's own multiclass trainers with their default options, on all of MNIST: how long <c>Fit</c> takes and what it reaches.
/// </summary>
/// <remarks>Once each, one after the other: the results differ by minutes, far more than the noise.</remarks>
internal sealed class TrainersWork : IWork
{
    public string Name => "trainers";

    public string Description => "Fit of ML.NET's own trainers with their defaults, and their accuracy on the test digits";

    public void Run(WorkSettings settings)
    {
        if (settings.Quick)
        {
            settings.Note("trainers: skipped with --quick, since it takes minutes.");
            return;
        }

        var mlContext = new MLContext(seed: 1);
        IEstimator<ITransformer> preparation = mlContext.Transforms.Conversion.MapValueToKey(
                "Label", keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.Transforms.NormalizeMinMax("Features"));
        IDataView digits = DataSets.MnistTrain.Load(mlContext);
        ITransformer prepared = preparation.Fit(digits);
        IDataView train = mlContext.Data.Cache(prepared.Transform(digits));
        IDataView test = mlContext.Data.Cache(prepared.Transform(DataSets.MnistTest.Load(mlContext)));
        _ = train.GetColumn<uint>("Label").Count();                                  // fills the cache before the time is measured

        var trainers = mlContext.MulticlassClassification.Trainers;
        var table = new MarkdownTable(settings.Output, "MNIST by default options: 60,000 digits to train, 10,000 to test", "trainer",
            ">Fit", ">accuracy", ">log-loss");
        Row("TwoLayerNetwork", trainers.TwoLayerNetwork());
        Row("TwoLayerNetwork, 128 hidden units", trainers.TwoLayerNetwork(hiddenUnits: 128));
        Row("SdcaMaximumEntropy", trainers.SdcaMaximumEntropy());
        Row("LbfgsMaximumEntropy", trainers.LbfgsMaximumEntropy());
        Row("LightGbm", trainers.LightGbm());

        void Row(string name, IEstimator<ITransformer> trainer)
        {
            var clock = Stopwatch.StartNew();
            ITransformer model = trainer.Fit(train);
            double seconds = clock.Elapsed.TotalSeconds;
            MulticlassClassificationMetrics metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(test));
            table.Row(name, Number.Seconds(seconds),
                metrics.MicroAccuracy.ToString("P2", System.Globalization.CultureInfo.InvariantCulture), Number.Short(metrics.LogLoss));
        }
    }
}
