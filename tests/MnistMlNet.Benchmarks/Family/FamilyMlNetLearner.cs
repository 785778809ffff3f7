using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Benchmarks.Tables;

namespace MnistMlNet.Benchmarks.Family;

/// <summary>A trainer of ML.NET, ours included.</summary>
/// <param name="name">As the tables call it.</param>
/// <param name="kind">What it counts for.</param>
/// <param name="isOurs">Whether it gets features as they come and predicts all targets in one model.</param>
/// <param name="trainer">Makes the trainer for a table; null where it has none for the task. The seed is the context's.</param>
internal sealed class FamilyMlNetLearner(
    string name, FamilyKind kind, bool isOurs, Func<MLContext, FamilyTable, IEstimator<ITransformer>?> trainer) : IFamilyLearner
{
    public string Name => name;

    public string? Version { get; } =
        typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    public string WhyNot => "the assembly of ML.NET has no version";

    public FamilyKind Kind => kind;

    public bool Fits(FamilyTable table) => trainer(new MLContext(), table) is not null;

    public float[][][] Predict(FamilyTable table, FamilyRows rows) => [.. rows.Folds.Select((folds, repetition) =>
    {
        float[][] outputs = new float[rows.Targets.Length][];
        for (int fold = 0; fold < FoldMaker.FoldCount; fold++)
        {
            FoldFeatures data = FoldFeatures.Create(rows.Features, folds, fold, isStandardized: !isOurs);
            float[][] all = isOurs && table.TargetCount > 1
                ? PredictAll(table, data, rows.Targets, repetition + 1)
                : PredictEach(table, data, rows.Targets, repetition + 1);
            for (int row = 0; row < all.Length; row++)
            {
                outputs[data.TestRows[row]] = all[row];
            }
        }

        return outputs;
    })];

    private static string OutputColumn(FamilyTable table) => table.IsNumeric ? "Score" : "Probability";

    private static IDataView View(MLContext mlContext, float[][] features, Func<int, float[]> targets, int target)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FamilyRow));
        schema[nameof(FamilyRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features[0].Length);
        schema[nameof(FamilyRow.Targets)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, targets(0).Length);
        return mlContext.Data.LoadFromEnumerable(features.Select((x, row) => new FamilyRow
        {
            Features = x,
            Targets = targets(row),
            Target = targets(row)[target],
            Flag = targets(row)[target] > 0,
        }).ToList(), schema);
    }

    private float[][] PredictAll(FamilyTable table, FoldFeatures data, float[][] targets, int seed)
    {
        var mlContext = new MLContext(seed);
        ITransformer model = Trainer(mlContext, table).Fit(View(mlContext, data.Train, row => targets[data.TrainRows[row]], 0));
        return [.. model.Transform(TestView(mlContext, data, table)).GetColumn<float[]>(OutputColumn(table))];
    }

    /// <summary>One model for each target: what users of a trainer for one target do.</summary>
    private float[][] PredictEach(FamilyTable table, FoldFeatures data, float[][] targets, int seed)
    {
        float[][] outputs = [.. data.Test.Select(_ => new float[table.TargetCount])];
        for (int target = 0; target < table.TargetCount; target++)
        {
            var mlContext = new MLContext(seed);
            ITransformer model = Trainer(mlContext, table).Fit(
                View(mlContext, data.Train, row => targets[data.TrainRows[row]], target));
            int place = 0;
            foreach (float output in model.Transform(TestView(mlContext, data, table)).GetColumn<float>(OutputColumn(table)))
            {
                outputs[place++][target] = output;
            }
        }

        return outputs;
    }

    /// <summary>The rows to score, without their targets.</summary>
    private static IDataView TestView(MLContext mlContext, FoldFeatures data, FamilyTable table) =>
        View(mlContext, data.Test, _ => new float[table.TargetCount], 0);

    private IEstimator<ITransformer> Trainer(MLContext mlContext, FamilyTable table) =>
        trainer(mlContext, table) ?? throw new InvalidOperationException($"{name} has no trainer for {table.Task}.");
}
