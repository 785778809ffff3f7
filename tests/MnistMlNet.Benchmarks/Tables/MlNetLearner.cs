using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>A trainer of ML.NET, ours included.</summary>
/// <param name="name">As the tables call it.</param>
/// <param name="kind">What it counts for.</param>
/// <param name="isStandardized">Whether it gets standardized features.</param>
/// <param name="trainer">Makes the trainer; the seed is the context's.</param>
internal sealed class MlNetLearner(string name, LearnerKind kind, bool isStandardized, Func<MLContext, IEstimator<ITransformer>> trainer)
    : ILearner
{
    public static IReadOnlyList<ILearner> Peers { get; } =
    [
        new MlNetLearner("LbfgsMaximumEntropy", LearnerKind.LinearOrNeural, true,
            context => context.MulticlassClassification.Trainers.LbfgsMaximumEntropy()),
        new MlNetLearner("SdcaMaximumEntropy", LearnerKind.LinearOrNeural, true,
            context => context.MulticlassClassification.Trainers.SdcaMaximumEntropy()),
        new MlNetLearner("LightGbm", LearnerKind.Trees, true, context => context.MulticlassClassification.Trainers.LightGbm()),
        new MlNetLearner("FastTree", LearnerKind.Trees, true, context =>
            context.MulticlassClassification.Trainers.OneVersusAll(context.BinaryClassification.Trainers.FastTree())),
    ];

    public string Name => name;

    public string? Version { get; } =
        typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];

    public string WhyNot => "the assembly of ML.NET has no version";

    public LearnerKind Kind => kind;

    public float[][][] Predict(BenchmarkTable table, TableRows rows) =>
        [.. Enumerable.Range(0, rows.Folds.Length).Select(repetition => Predict(rows, repetition))];

    private float[][] Predict(TableRows rows, int repetition)
    {
        float[][] probabilities = new float[rows.Labels.Length][];
        for (int fold = 0; fold < FoldMaker.FoldCount; fold++)
        {
            var mlContext = new MLContext(seed: repetition + 1);
            FoldData data = FoldData.Create(rows, repetition, fold, isStandardized);
            ITransformer model = trainer(mlContext).Fit(data.TrainView(mlContext));
            float[][] scores = [.. model.Transform(data.TestView(mlContext)).GetColumn<float[]>("Score")];
            for (int row = 0; row < scores.Length; row++)
            {
                probabilities[data.TestRows[row]] = scores[row];
            }
        }

        return probabilities;
    }
}
