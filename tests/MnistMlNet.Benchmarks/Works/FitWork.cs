using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Reporting;
using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>The cost of <c>Fit</c> besides the epochs: reading rows from ML.NET, and memory per batch.</summary>
internal sealed class FitWork : IWork
{
    public string Name => "fit";

    public string Description => "from a cached view to packed rows, and allocation per batch";

    public void Run(WorkSettings settings)
    {
        var mlContext = new MLContext(seed: 1);
        DenseRows rows = DataSets.Mnist();
        IDataView dense = rows.ToDataView(mlContext);
        IDataView digits = mlContext.Data.Cache(Keyed(mlContext));
        IDataView sparse = mlContext.Data.Cache(mlContext.Transforms.NormalizeMinMax("Features").Fit(digits).Transform(digits));
        var table = new MarkdownTable(settings.Output, "From a cached IDataView of 60,000 rows to packed rows", "rows", ">median", ">min",
            ">max", ">target");
        Pack(settings, table, "dense vectors of MNIST", mlContext, dense);
        Pack(settings, table, "sparse vectors of MNIST", mlContext, sparse);
        Pack(settings, table, "dense random", mlContext, DataSets.Dense(60_000).ToDataView(mlContext));

        var allocations = new MarkdownTable(settings.Output, "Memory allocated by training, all threads", ">threads", ">bytes per epoch",
            ">batches", ">bytes per batch", ">target");
        foreach (int threads in new[] { 1, 2 }.Where(settings.Filter.TakesThreads))
        {
            Allocations(allocations, mlContext, sparse, rows.RowCount, threads);
        }
    }

    private static IDataView Keyed(MLContext mlContext)
    {
        IDataView digits = DataSets.MnistTrain.Load(mlContext);
        return mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(digits).Transform(digits);
    }

    private static void Pack(WorkSettings settings, MarkdownTable table, string what, MLContext mlContext, IDataView data)
    {
        var columns = new TrainingColumns((IExceptionContext)(object)mlContext, data.Schema, new TwoLayerNetworkTrainer.Options());
        void Read() => new TrainingSetReader(columns, KernelSelector.Best, () => { }).Read(data);
        Read();                                            // fills the cache, and warms up the code
        Read();
        Measurement result = Alternating.Run(settings.Rounds, Repeat.Once(what, Read))[0];
        table.Row(what, Number.Seconds(result.Median), Number.Seconds(result.Min), Number.Seconds(result.Max), Number.Seconds(0.15));
    }

    /// <summary>
    /// An epoch may allocate a fixed amount (its log line, its history); a batch may not. The same epochs with 64 times as many batches
    /// distinguish the two.
    /// </summary>
    private static void Allocations(MarkdownTable table, MLContext mlContext, IDataView data, int rowCount, int threads)
    {
        const int Small = 16, Large = 1024;
        long few = BytesPerEpoch(mlContext, data, Large, threads), many = BytesPerEpoch(mlContext, data, Small, threads);
        int fewBatches = (rowCount + Large - 1) / Large, manyBatches = (rowCount + Small - 1) / Small;
        table.Row($"{threads}", Number.Count(few), Number.Count(fewBatches), "", "");
        table.Row($"{threads}", Number.Count(many), Number.Count(manyBatches),
            Number.Short((double)(many - few) / (manyBatches - fewBatches)), "0.00");
    }

    /// <summary>The minimum of the later epochs: background compilation also allocates, at unpredictable times.</summary>
    private static long BytesPerEpoch(MLContext mlContext, IDataView data, int batchSize, int threads)
    {
        const int Epochs = 8;
        var after = new List<long>(Epochs);
        var options = new TwoLayerNetworkTrainer.Options
        {
            BatchSize = batchSize,
            NumberOfThreads = threads,
            NumberOfEpochs = Epochs,
            EpochCallback = _ => after.Add(GC.GetTotalAllocatedBytes(precise: true)),
        };
        mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options).Fit(data);
        Debug.Assert(after.Count == Epochs, "One call an epoch.");
        return after.Zip(after.Skip(1), (first, second) => second - first).Min();
    }
}
