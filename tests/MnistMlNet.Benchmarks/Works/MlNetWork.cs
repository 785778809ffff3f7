using Microsoft.ML;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>Predictions through ML.NET, compared with ML.NET's own models.</summary>
internal sealed class MlNetWork : IWork
{
    private const int Rows = 10_000;

    public string Name => "mlnet";

    public string Description => "Transform and PredictionEngine through ML.NET, against LbfgsMaximumEntropy's and LightGbm's";

    public void Run(WorkSettings settings)
    {
        var mlContext = new MLContext(seed: 1);
        DenseRows rows = DataSets.MnistDigitsToPredict().Take(Rows);
        IDataView dense = rows.ToDataView(mlContext);
        IDataView sparse = Sparse(mlContext);
        TwoLayerNetworkTransformer network = ReferenceModels.TwoLayerNetwork(mlContext, rows, 32);
        ITransformer lbfgs = ReferenceModels.Lbfgs(mlContext, rows);
        ITransformer? lightGbm = settings.Quick ? null : ReferenceModels.LightGbm(mlContext, rows);
        float[] direct = new float[rows.RowCount * DenseRows.ClassCount];
        network.Model.PredictBatch(rows.Features, direct);
        double difference = Comparison.LargestDifference(direct, ScoreReader.ReadAll(network.Transform(dense)));
        WorkSettings.Check("Score of Transform and PredictBatch", difference, 1e-6);

        var table = new MarkdownTable(
            settings.Output, "Through ML.NET, MNIST, H = 32, one thread",
            "what", ">TwoLayerNetwork", ">LbfgsMaximumEntropy", ">ratio", ">target", ">LightGbm", ">ratio");
        Row(settings, table, "Transform + Score of 10,000 cached rows, dense", [network, lbfgs, lightGbm], model =>
            ReadScores(model, dense));
        Row(settings, table, "Transform + Score of 10,000 cached rows, sparse", [network, lbfgs, lightGbm], model =>
            ReadScores(model, sparse));
        DenseRow[] examples = [.. Enumerable.Range(0, 1000).Select(row => new DenseRow { Label = 1, Features = rows.Row(row).ToArray() })];
        Row(settings, table, "PredictionEngine.Predict of one row", [network, lbfgs, lightGbm], model =>
            PredictOne(mlContext, model, dense.Schema, examples));
    }

    /// <summary>The test digits from our own loader, scaled by ML.NET: sparse vectors.</summary>
    private static IDataView Sparse(MLContext mlContext)
    {
        IDataView digits = DataSets.MnistTest.Load(mlContext);
        return mlContext.Data.Cache(mlContext.Transforms.NormalizeMinMax("Features").Fit(digits).Transform(digits));
    }

    private static Action ReadScores(ITransformer model, IDataView rows) => () => ScoreReader.Read(model.Transform(rows));

    private static Action PredictOne(MLContext mlContext, ITransformer model, DataViewSchema schema, DenseRow[] examples)
    {
        PredictionEngine<DenseRow, ScoreRow> engine = mlContext.Model.CreatePredictionEngine<DenseRow, ScoreRow>(model, schema);
        var prediction = new ScoreRow();
        int turn = 0;
        return () => engine.Predict(examples[turn = (turn + 1) % examples.Length], ref prediction);
    }

    private static void Row(WorkSettings settings, MarkdownTable table, string what, ITransformer?[] models, Func<ITransformer,
        Action> action)
    {
        Side[] sides = [.. models.OfType<ITransformer>().Select((model, i) => Repeat.Side($"{i}", settings.MinSeconds, action(model)))];
        Measurement[] results = Alternating.Run(settings.Rounds, sides);
        table.Row(
            what, Number.Seconds(results[0].Median),
            Number.Seconds(results[1].Median), Number.Ratio(results[0].TimesAsFastAs(results[1])), Number.Ratio(1),
            results.Length > 2 ? Number.Seconds(results[2].Median) : "not in --quick",
            results.Length > 2 ? Number.Ratio(results[0].TimesAsFastAs(results[2])) : "");
    }
}
