using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Peers;
using MnistMlNet.Benchmarks.Reporting;
using TorchSharp;

namespace MnistMlNet.Benchmarks.Works;

/// <summary><c>Predict</c> of one row, compared with ONNX Runtime's bound call and TorchSharp's forward pass.</summary>
internal sealed class RowWork : IWork
{
    /// <summary>A cycle of different rows, so that no branch predictor learns a single one.</summary>
    private const int Rows = 1000;

    public string Name => "row";

    public string Description => "Predict of one row, against ONNX Runtime's bound call and TorchSharp";

    public void Run(WorkSettings settings)
    {
        if (TorchPeer.WhyNot is not null)
        {
            settings.Note(TorchPeer.Skipped);
        }

        var table = new MarkdownTable(
            settings.Output, "Prediction of one row, one thread",
            "data", ">H", ">Predict", ">ONNX Runtime, bound", ">ratio", ">TorchSharp", ">ratio", ">differ by");
        DenseRows[] sets = [DataSets.MnistDigitsToPredict().Take(Rows), DataSets.Dense(Rows)];
        string[] names = ["mnist", "random"];
        for (int i = 0; i < sets.Length; i++)
        {
            foreach (int hidden in new[] { 32, 800 }.Where(settings.Filter.TakesHidden))
            {
                if (settings.Filter.TakesData(names[i]))
                {
                    Run(settings, table, sets[i], hidden);
                }
            }
        }
    }

    private static void Run(WorkSettings settings, MarkdownTable table, DenseRows rows, int hidden)
    {
        TwoLayerNetworkModelParameters network = RandomNetwork.Create(rows.InputCount, hidden);
        float[] ours = new float[network.ClassCount], theirs = new float[network.ClassCount], input = new float[rows.InputCount];
        using var onnx = new OnnxNetwork(OnnxModel.Write(network), 1);
        using OnnxBinding binding = onnx.Bind(input, rows.InputCount, theirs);
        int turn = 0;
        int Next() => turn = (turn + 1) % rows.RowCount;
        void RunOnnx(int row)
        {
            rows.Row(row).CopyTo(input);                  // ONNX Runtime reads its row from the bound memory
            onnx.Run(binding);
        }

        List<Side> sides =
        [
            Repeat.Side("MnistMlNet", settings.MinSeconds, () => network.Predict(rows.Row(Next()), ours)),
            Repeat.Side("ONNX Runtime", settings.MinSeconds, () => RunOnnx(Next())),
        ];
        double difference = 0;
        for (int row = 0; row < rows.RowCount; row++)
        {
            network.Predict(rows.Row(row), ours);
            RunOnnx(row);
            difference = Math.Max(difference, Comparison.LargestDifference(ours, theirs));
        }

        WorkSettings.Check($"Probabilities of one row, {rows.Name}, H = {hidden}, ONNX Runtime", difference, 1e-4);
        using TorchSide? torchSide = TorchPeer.WhyNot is null ? new TorchSide(network, rows) : null;
        if (torchSide is not null)
        {
            network.Predict(rows.Row(0), ours);
            WorkSettings.Check($"Probabilities of one row, {rows.Name}, H = {hidden}, TorchSharp",
                Comparison.LargestDifference(ours, torchSide.Probabilities(0)), 1e-4);
            sides.Add(Repeat.Side("TorchSharp", settings.MinSeconds, () => torchSide.Run(Next())));
        }

        Measurement[] results = Alternating.Run(settings.Rounds, sides);
        table.Row(
            rows.Name, $"{hidden}", Number.Seconds(results[0].Median),
            Number.Seconds(results[1].Median), Number.Ratio(results[0].TimesAsFastAs(results[1])),
            results.Length > 2 ? Number.Seconds(results[2].Median) : "skipped",
            results.Length > 2 ? Number.Ratio(results[0].TimesAsFastAs(results[2])) : "",
            $"{difference:E1}");
    }

    /// <summary>One tensor for each row, made in advance, and the result isn't copied: only the call is timed.</summary>
    private sealed class TorchSide : IDisposable
    {
        private readonly TorchNetwork _network;
        private readonly torch.Tensor[] _rows;

        public TorchSide(TwoLayerNetworkModelParameters network, DenseRows rows)
        {
            torch.set_num_threads(1);
            _network = new TorchNetwork(network, OurTraining.LearningRate);
            _rows = [.. Enumerable.Range(0, rows.RowCount).Select(row => torch.tensor(rows.Row(row).ToArray(), [1, rows.InputCount]))];
        }

        public void Run(int row)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable mode = torch.inference_mode();
            _network.Predict(_rows[row]);
        }

        public float[] Probabilities(int row)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            using IDisposable mode = torch.inference_mode();
            return _network.Predict(_rows[row]).data<float>().ToArray();
        }

        public void Dispose()
        {
            _network.Dispose();
            foreach (torch.Tensor row in _rows)
            {
                row.Dispose();
            }
        }
    }
}
