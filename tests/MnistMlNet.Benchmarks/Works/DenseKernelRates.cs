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
        int stride = Batch.RowStride(Inputs), width = PanelLayout.PanelWidth;
        AlignedArray x = Filled(rows * stride), w = Filled(Inputs * width), z = new(rows * width);
        Row(settings, table, peak, $"forward: {rows} × {Inputs} by {Inputs} × {width}", 2.0 * rows * Inputs * width,
            () => KernelSelector.Best.MultiplyDense(
                new MatrixView(x.Span, rows, Inputs, stride), new MatrixView(w.Span, Inputs, width, width),
                new MatrixSpan(z.Span, rows, width, width)));
    }

    /// <summary><c>dW1 = Xᵀ · dZ1</c>: the same kernel with the strides of the left matrix exchanged.</summary>
    private static void Backward(WorkSettings settings, MarkdownTable table, double peak, int rows)
    {
        int stride = Batch.RowStride(Inputs), width = PanelLayout.PanelWidth;
        AlignedArray x = Filled(rows * stride), dz = Filled(rows * width), dw = new(Inputs * width);
        Row(settings, table, peak, $"backward: {Inputs} × {rows} by {rows} × {width}", 2.0 * rows * Inputs * width,
            () => KernelSelector.Best.MultiplyDense(
                new MatrixView(x.Span, rows, Inputs, stride).Transpose(), new MatrixView(dz.Span, rows, width, width),
                new MatrixSpan(dw.Span, Inputs, width, width)));
    }

    private static void Row(WorkSettings settings, MarkdownTable table, double peak, string what, double flops, Action action)
    {
        Measurement result = Alternating.Run(settings.Rounds, Repeat.Side(what, settings.MinSeconds, action))[0];
        double rate = flops / result.Median;
        table.Row(what, Number.Seconds(result.Median), Number.Giga(rate), Number.Percent(rate / peak));
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
