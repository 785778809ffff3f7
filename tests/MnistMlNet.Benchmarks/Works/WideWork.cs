using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>How the time of an epoch grows with the number of inputs, where a row has 20 values whatever their number is.</summary>
internal sealed class WideWork : IWork
{
    private const int Rows = 2000;
    private const int NonZeros = 20;
    private const int Classes = 3;
    private const int WarmUpEpochs = 50;

    public string Name => "wide";

    public string Description => "2,000 rows of 20 values among 2¹⁴ to 2²² inputs, H = 32: time of an epoch on one thread, memory";

    public void Run(WorkSettings settings)
    {
        var table = new MarkdownTable(
            settings.Output, $"Training on wide sparse rows: {Rows} rows of {NonZeros} values, H = 32, batch 64, Adam",
            ">inputs", ">epoch, processor time", ">compared with 2¹⁴", ">Fit of all epochs", ">parameters and moments");
        double first = 0;
        foreach (int exponent in (int[])[14, 16, 18, 20, 22])
        {
            (double epoch, double fit) = Measure(1 << exponent, settings.Quick ? 20 : 100);
            first = exponent == 14 ? epoch : first;
            table.Row(
                $"2^{exponent}", Number.Seconds(epoch), Number.Ratio(epoch / first), Number.Seconds(fit),
                $"{3L * sizeof(float) * 32 << exponent >> 20} MiB");
        }
    }

    /// <returns>The mean processor time of an epoch after the first ones, in which methods are compiled, and before the last one; and the
    /// wall clock of all.</returns>
    private static (double Epoch, double Fit) Measure(int inputs, int epochs)
    {
        var random = new Random(1);
        var schema = SchemaDefinition.Create(typeof(WideRow));
        schema[nameof(WideRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), Classes);
        schema[nameof(WideRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, inputs);
        WideRow[] rows = [.. Enumerable.Range(0, Rows).Select(_ => new WideRow
        {
            Label = (uint)random.Next(Classes) + 1,
            Features = new VBuffer<float>(
                inputs, NonZeros, [.. Enumerable.Range(0, NonZeros).Select(_ => 0.5f + random.NextSingle())],
                [.. Draw(random, inputs).Order()]),
        })];
        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Data.LoadFromEnumerable(rows, schema);
        var clocks = new List<double>();
        TwoLayerNetworkTransformer model = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
        {
            Optimizer = Optimizer.Adam,
            BatchSize = 64,
            NumberOfEpochs = WarmUpEpochs + epochs,
            NumberOfThreads = 1,
            Seed = 1,
            EpochCallback = _ => clocks.Add(ThreadClock.Seconds),
        }).Fit(data);
        // Not the last one: it also brings the weights of all inputs up to date.
        return ((clocks[^2] - clocks[WarmUpEpochs - 1]) / (epochs - 1), model.History.Epochs[^1].Elapsed.TotalSeconds);
    }

    private static HashSet<int> Draw(Random random, int inputs)
    {
        var drawn = new HashSet<int>();
        while (drawn.Count < NonZeros)
        {
            drawn.Add(random.Next(inputs));
        }

        return drawn;
    }

    private sealed class WideRow
    {
        public uint Label { get; set; }

        public VBuffer<float> Features { get; set; }
    }
}
