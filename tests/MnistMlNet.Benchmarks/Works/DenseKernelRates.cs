using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Reporting;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>
/// The dense kernel alone, on one panel of weights, at the sizes of 784-H-10; and dense prediction, which consists almost only of that
/// kernel.
/// </summary>
internal static class DenseKernelRates
{
    private const int Inputs = 784;

    public static void Write(WorkSettings settings, double peak)
    {
        var table = new MarkdownTable(settings.Output, "The dense kernel", "product", ">time", ">GFLOP/s", ">of the peak");
        foreach (int rows in new[] { 16, 64, 256 })
        {
            Forward(settings, table, peak, rows);
            Backward(settings, table, peak, rows);
        }

        DenseRows dense = DataSets.Dense(2000);
        foreach (int hidden in new[] { 32, 128, 800 })
        {
            TwoLayerNetworkModelParameters network = RandomNetwork.Create(Inputs, hidden);
            float[] probabilities = new float[dense.RowCount * network.ClassCount];
            Row(settings, table, peak, $"PredictBatch, {dense.RowCount} dense rows, H = {hidden}",
                2.0 * dense.RowCount * hidden * (Inputs + network.ClassCount), () => network.PredictBatch(dense.Features, probabilities));
        }
    }

    private static void Forward(WorkSettings settings, MarkdownTable table, double peak, int rows)
    {
        int width = PanelLayout.PanelWidth;
        AlignedArray memory = Filled(rows * Inputs);
        Batch x = BatchOf(memory, rows);
        AlignedArray w = Filled(Inputs * width), z = new(rows * width);
        Row(settings, table, peak, $"forward: {rows} × {Inputs} by {Inputs} × {width}", 2.0 * rows * Inputs * width,
            () => KernelSelector.Best.MultiplyDense(
                x.DenseRows(0, 0, Inputs, 0, rows), new MatrixView(w.Span, Inputs, width, width),
                new MatrixSpan(z.Span, rows, width, width)));
        GC.KeepAlive(memory);
    }

    /// <summary><c>dW1 = Xᵀ · dZ1</c>: the same kernel with the tables of the left matrix exchanged.</summary>
    private static void Backward(WorkSettings settings, MarkdownTable table, double peak, int rows)
    {
        int width = PanelLayout.PanelWidth;
        AlignedArray memory = Filled(rows * Inputs);
        Batch x = BatchOf(memory, rows);
        AlignedArray dz = Filled(rows * width), dw = new(Inputs * width);
        Row(settings, table, peak, $"backward: {Inputs} × {rows} by {rows} × {width}", 2.0 * rows * Inputs * width,
            () => KernelSelector.Best.MultiplyDense(
                x.DenseRows(0, 0, Inputs, 0, rows).Transpose(), new MatrixView(dz.Span, rows, width, width),
                new MatrixSpan(dw.Span, Inputs, width, width)));
        GC.KeepAlive(memory);
    }

    private static void Row(WorkSettings settings, MarkdownTable table, double peak, string what, double flops, Action action)
    {
        Measurement result = Alternating.Run(settings.Rounds, Repeat.Side(what, settings.MinSeconds, action))[0];
        double rate = flops / result.Median;
        table.Row(what, Number.Seconds(result.Median), Number.Giga(rate), Number.Percent(rate / peak));
    }

    /// <summary>A batch that has the addresses of rows in <paramref name="memory"/>, which the caller keeps alive.</summary>
    private static Batch BatchOf(AlignedArray memory, int rows)
    {
        var batch = new Batch(Inputs, isSparse: false, rows) { RowCount = rows };
        for (int r = 0; r < rows; r++)
        {
            batch.SetDenseRow(0, r, memory.Slice(r * Inputs, Inputs));
        }

        return batch;
    }

    /// <summary>Small values, so that repeatedly accumulated sums stay finite.</summary>
    private static AlignedArray Filled(int length)
    {
        var array = new AlignedArray(length);
        var random = new Random(1);
        foreach (ref float value in array.Span)
        {
            value = (random.NextSingle() - 0.5f) * 1e-3f;
        }

        return array;
    }
}
