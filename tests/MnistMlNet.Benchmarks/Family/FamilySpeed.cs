using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Family;

/// <summary>The processor time of an epoch on MNIST, compared with the multiclass trainer of the same shape; one thread.</summary>
/// <remarks>The trainers take turns, and the least time of an epoch is shown: it has the least disturbance by other processes.</remarks>
internal sealed class FamilySpeed(DenseRows digits, int hidden, int batch)
{
    private const int Rows = 20_000;
    private const int Epochs = 4;
    private const int Rounds = 7;

    private TimeSpan _previous;
    private double _least;

    public static void Run(TextWriter output)
    {
        DenseRows digits = DataSets.Mnist().Take(Rows);
        var table = new MarkdownTable(output, $"Least processor time of an epoch: {Rows} rows of MNIST, Adam, one thread",
            "trainer", ">H", ">batch", ">outputs", ">epoch", ">classes", ">multiclass epoch", ">ratio");
        foreach ((int hidden, int batch) in ((int, int)[])[(32, 64), (128, 64), (128, 256)])
        {
            var speed = new FamilySpeed(digits, hidden, batch);
            speed.Compare(table, "binary", 1, 2, (mlContext, data) => mlContext.BinaryClassification.Trainers.TwoLayerNetwork(
                speed.Set(new TwoLayerNetworkBinaryTrainer.Options(), nameof(SpeedRow.Flag))).Fit(data));
            speed.Compare(table, "regression", 10, 10, (mlContext, data) => mlContext.Regression.Trainers.TwoLayerNetwork(
                speed.Set(new TwoLayerNetworkRegressionTrainer.Options(), nameof(SpeedRow.Targets))).Fit(data));
            speed.Compare(table, "multi-label", 10, 10, (mlContext, data) =>
                mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel(
                    speed.Set(new TwoLayerNetworkMultilabelTrainer.Options(), nameof(SpeedRow.Targets))).Fit(data));
        }
    }

    private void Compare(MarkdownTable table, string name, int outputs, int classes, Action<MLContext, IDataView> fit)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView data = View(mlContext, classes);
        double least = double.PositiveInfinity, leastOfClasses = double.PositiveInfinity;
        for (int round = 0; round < Rounds; round++)
        {
            least = Math.Min(least, LeastOf(() => fit(mlContext, data)));
            leastOfClasses = Math.Min(leastOfClasses, LeastOf(() => mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(
                Set(new TwoLayerNetworkTrainer.Options(), nameof(SpeedRow.Class))).Fit(data)));
        }

        table.Row(name, $"{hidden}", $"{batch}", $"{outputs}", Number.Seconds(least), $"{classes}", Number.Seconds(leastOfClasses),
            Number.Ratio(least / leastOfClasses));
    }

    private double LeastOf(Action fit)
    {
        _least = double.PositiveInfinity;
        _previous = TimeSpan.Zero;
        fit();
        return _least;
    }

    private T Set<T>(T options, string label)
        where T : TwoLayerNetworkOptions
    {
        options.LabelColumnName = label;
        options.HiddenUnits = hidden;
        options.BatchSize = batch;
        options.NumberOfThreads = 1;
        options.NumberOfEpochs = Epochs;
        options.Optimizer = Optimizer.Adam;
        options.EpochCallback = _ =>
        {
            // The first epoch is left out: it warms caches and touches new memory.
            TimeSpan now = Process.GetCurrentProcess().TotalProcessorTime;
            _least = _previous == TimeSpan.Zero ? _least : Math.Min(_least, (now - _previous).TotalSeconds);
            _previous = now;
        };
        return options;
    }

    private IDataView View(MLContext mlContext, int classes)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(SpeedRow));
        schema[nameof(SpeedRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, digits.InputCount);
        schema[nameof(SpeedRow.Targets)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, DenseRows.ClassCount);
        schema[nameof(SpeedRow.Class)].ColumnType = new KeyDataViewType(typeof(uint), classes);
        return mlContext.Data.Cache(mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, digits.RowCount).Select(row => new SpeedRow
        {
            Class = (uint)(digits.Labels[row] % classes),
            Flag = digits.Labels[row] % 2 == 1,
            Targets = [.. Enumerable.Range(0, DenseRows.ClassCount).Select(k => digits.Labels[row] == k ? 1f : 0)],
            Features = digits.Row(row).ToArray(),
        }), schema));
    }

    /// <summary>A digit with a label for each trainer.</summary>
    private sealed class SpeedRow
    {
        public uint Class { get; set; }

        public bool Flag { get; set; }

        public float[] Targets { get; set; } = [];

        public float[] Features { get; set; } = [];
    }
}
