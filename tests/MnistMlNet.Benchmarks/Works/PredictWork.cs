using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Peers;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Works;

/// <summary><c>PredictBatch</c> of 10,000 rows, compared with ONNX Runtime and with only reading the rows.</summary>
/// <remarks>
/// Warm: the same 31 MB again and again, so that as many of them as fit are in the last-level cache. Cold: eight copies, one after the
/// other, 250 MB, so that the rows come from memory. Both sides use the same arrays.
/// </remarks>
internal sealed class PredictWork : IWork
{
    private const int Rows = 10_000;
    private const int ColdCopies = 8;

    public string Name => "predict";

    public string Description => "PredictBatch of 10,000 rows, against ONNX Runtime and the read bandwidth";

    public void Run(WorkSettings settings)
    {
        if (settings.Filter.TakesData("mnist"))
        {
            Run(settings, DataSets.MnistDigitsToPredict().Take(Rows));
        }

        if (settings.Filter.TakesData("random"))
        {
            Run(settings, DataSets.Dense(Rows));
        }
    }

    private static void Run(WorkSettings settings, DenseRows rows)
    {
        var table = new MarkdownTable(
            settings.Output, $"Prediction of {rows.RowCount} rows, {rows.Name} ({Number.Percent(rows.Density)} not 0)",
            ">H", "input", ">PredictBatch, 1 thread", ">2 threads", ">ONNX Runtime, 1 thread", ">2 threads", ">ratio of 1", ">ratio of 2",
            ">reading alone", ">fraction of bandwidth", ">GB/s read", ">differ by");
        foreach (int hidden in new[] { 32, 800 }.Where(settings.Filter.TakesHidden))
        {
            TwoLayerNetworkModelParameters network = RandomNetwork.Create(rows.InputCount, hidden);
            byte[] model = OnnxModel.Write(network);
            using var onnx1 = new OnnxNetwork(model, 1);
            using var onnx2 = new OnnxNetwork(model, 2);
            double difference = Check(network, onnx1, rows);
            foreach (int copies in new[] { 1, ColdCopies })
            {
                Measure(settings, table, rows, network, onnx1, onnx2, copies, difference);
            }
        }
    }

    private static void Measure(
        WorkSettings settings, MarkdownTable table, DenseRows rows, TwoLayerNetworkModelParameters network,
        OnnxNetwork onnx1, OnnxNetwork onnx2, int copies, double difference)
    {
        float[] probabilities = new float[rows.RowCount * network.ClassCount];
        float[][] inputs = [.. Enumerable.Range(0, copies).Select(_ => (float[])rows.Features.Clone())];
        OnnxBinding[] bindings1 = [.. inputs.Select(input => onnx1.Bind(input, rows.InputCount, probabilities))];
        OnnxBinding[] bindings2 = [.. inputs.Select(input => onnx2.Bind(input, rows.InputCount, probabilities))];
        int turn = 0;
        int Next() => turn = (turn + 1) % copies;
        Measurement[] results = Alternating.Run(
            settings.Rounds,
            Repeat.Side("MnistMlNet, 1 thread", settings.MinSeconds, () => network.PredictBatch(inputs[Next()], probabilities, 1)),
            Repeat.Side("MnistMlNet, 2 threads", settings.MinSeconds, () => network.PredictBatch(inputs[Next()], probabilities, 2)),
            Repeat.Side("ONNX Runtime, 1 thread", settings.MinSeconds, () => onnx1.Run(bindings1[Next()])),
            Repeat.Side("ONNX Runtime, 2 threads", settings.MinSeconds, () => onnx2.Run(bindings2[Next()])),
            Repeat.Side("reading", settings.MinSeconds, () => ReadBandwidth.Read(inputs[Next()])));
        foreach (OnnxBinding binding in bindings1.Concat(bindings2))
        {
            binding.Dispose();
        }

        double bytes = rows.Features.Length * (double)sizeof(float);
        table.Row(
            $"{network.HiddenUnits}", copies == 1 ? "warm" : "cold",
            Number.Seconds(results[0].Median), Number.Seconds(results[1].Median), Number.Seconds(results[2].Median),
            Number.Seconds(results[3].Median), Number.Ratio(results[0].TimesAsFastAs(results[2])),
            Number.Ratio(results[1].TimesAsFastAs(results[3])), Number.Seconds(results[4].Median),
            Number.Percent(results[0].TimesAsFastAs(results[4])), Number.Giga(bytes / results[4].Median),
            $"{difference:E1}");
    }

    private static double Check(TwoLayerNetworkModelParameters network, OnnxNetwork onnx, DenseRows rows)
    {
        float[] ours = new float[rows.RowCount * network.ClassCount], theirs = new float[ours.Length];
        network.PredictBatch(rows.Features, ours);
        using OnnxBinding binding = onnx.Bind(rows.Features, rows.InputCount, theirs);
        onnx.Run(binding);
        double difference = Comparison.LargestDifference(ours, theirs);
        WorkSettings.Check($"Probabilities, {rows.Name}, H = {network.HiddenUnits}, ONNX Runtime", difference, 1e-4);
        return difference;
    }
}
