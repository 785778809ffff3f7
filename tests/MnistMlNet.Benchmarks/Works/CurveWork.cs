using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Peers;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>
/// The growth of the cost with each size, for dense rows; and the fraction of peak arithmetic speed that the dense kernels reach.
/// </summary>
internal sealed class CurveWork : IWork
{
    private static readonly CurvePoint s_middle = new(8192, 256, 64, 128, 1);

    public string Name => "curve";

    public string Description => "rows × features × hidden × batch × threads, doubling each; fraction of the arithmetic peak";

    public void Run(WorkSettings settings)
    {
        double peak = Enumerable.Range(0, 5).Max(_ => FmaPeak.Measure());
        settings.Note($"Arithmetic peak of one core, measured: {Number.Giga(peak)} GFLOP/s.");
        DenseKernelRates.Write(settings, peak);

        var table = new MarkdownTable(
            settings.Output, "The cost curve: training on dense rows, one size doubled at a time",
            "doubled", ">rows", ">features", ">hidden", ">batch", ">threads", ">epoch", ">µs a row", ">GFLOP/s",
            ">of the peak of its threads");
        int steps = settings.Quick ? 3 : 5;
        for (int i = 0; i < steps; i++)
        {
            Row(settings, table, peak, "rows", s_middle with { Rows = s_middle.Rows / 4 << i });
        }

        for (int i = 0; i < steps; i++)
        {
            Row(settings, table, peak, "features", s_middle with { Features = s_middle.Features / 4 << i });
        }

        for (int i = 0; i < steps; i++)
        {
            Row(settings, table, peak, "hidden", s_middle with { Hidden = s_middle.Hidden / 4 << i });
        }

        for (int i = 0; i < steps; i++)
        {
            Row(settings, table, peak, "batch", s_middle with { Batch = s_middle.Batch / 4 << i });
        }

        for (int threads = 1; threads <= Environment.ProcessorCount && threads <= 16; threads *= 2)
        {
            Row(settings, table, peak, "threads", s_middle with { Threads = threads, Hidden = 256 });
        }
    }

    private static void Row(WorkSettings settings, MarkdownTable table, double peak, string doubled, CurvePoint point)
    {
        var mlContext = new MLContext(seed: 1);
        DenseRows rows = DataSets.Dense(point.Rows, point.Features);
        var training = new OurTraining(mlContext, rows.ToDataView(mlContext), RandomNetwork.Create(point.Features, point.Hidden));
        training.SecondsPerEpoch(point.Batch, point.Threads, 2);
        Measurement result = Alternating.Run(settings.Rounds,
            new Side("", () => training.SecondsPerEpoch(point.Batch, point.Threads, 3)))[0];
        double rate = point.FlopsPerRow * point.Rows / result.Median;
        table.Row(
            doubled, $"{point.Rows}", $"{point.Features}", $"{point.Hidden}", $"{point.Batch}", $"{point.Threads}",
            Number.Seconds(result.Median), Number.Short(result.Median / point.Rows * 1e6), Number.Giga(rate),
            Number.Percent(rate / (peak * point.Threads)));
    }
}
