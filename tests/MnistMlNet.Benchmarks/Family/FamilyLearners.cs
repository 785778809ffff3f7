using Microsoft.ML;
using MnistMlNet.Benchmarks.Accuracy;
using static MnistMlNet.Benchmarks.Family.FamilyTask;

namespace MnistMlNet.Benchmarks.Family;

/// <summary>Ours and its peers.</summary>
internal static class FamilyLearners
{
    private const string Number = nameof(FamilyRow.Target);
    private const string Flag = nameof(FamilyRow.Flag);

    /// <summary>All peers, each with its defaults. The last one isn't a default of ours: it shows the loss for counts.</summary>
    public static IReadOnlyList<IFamilyLearner> Peers(string dataFolder, string python) =>
    [
        new FamilyScriptLearner(python, dataFolder),
        MlNet("Sdca", FamilyKind.Linear, (mlContext, task) => task is Regression or Counts
            ? mlContext.Regression.Trainers.Sdca(Number)
            : mlContext.BinaryClassification.Trainers.SdcaLogisticRegression(Flag)),
        MlNet("OnlineGradientDescent", FamilyKind.Linear, (mlContext, task) => task is Regression or Counts
            ? mlContext.Regression.Trainers.OnlineGradientDescent(Number)
            : null),
        MlNet("Lbfgs (Poisson or logistic)", FamilyKind.Linear, (mlContext, task) => task switch
        {
            Regression => null,
            Counts => mlContext.Regression.Trainers.LbfgsPoissonRegression(Number),
            _ => mlContext.BinaryClassification.Trainers.LbfgsLogisticRegression(Flag),
        }),
        MlNet("LightGbm", FamilyKind.Trees, (mlContext, task) => task is Regression or Counts
            ? mlContext.Regression.Trainers.LightGbm(Number)
            : mlContext.BinaryClassification.Trainers.LightGbm(Flag)),
        MlNet("FastTree", FamilyKind.Trees, (mlContext, task) => task is Regression or Counts
            ? mlContext.Regression.Trainers.FastTree(Number)
            : mlContext.BinaryClassification.Trainers.FastTree(Flag)),
    ];

    /// <summary>Ours.</summary>
    /// <param name="name">As the tables call it.</param>
    /// <param name="pairs">Names and values of options that aren't the defaults; none for no argument.</param>
    /// <param name="loss">The loss of a regression.</param>
    /// <param name="isForCounts">Whether it runs on counts only.</param>
    public static FamilyMlNetLearner Ours(string name, string[] pairs, RegressionLoss loss, bool isForCounts) =>
        new(name, FamilyKind.NotDefault, isOurs: true, (mlContext, table) =>
        {
            T With<T>(T options, string label)
                where T : TwoLayerNetworkOptions
            {
                options.LabelColumnName = table.TargetCount > 1 ? nameof(FamilyRow.Targets) : label;
                OptionOverrides.Apply(options, OptionOverrides.Parse(pairs));
                return options;
            }

            return table.Task switch
            {
                _ when isForCounts && table.Task != Counts => null,
                Binary => mlContext.BinaryClassification.Trainers.TwoLayerNetwork(
                    With(new TwoLayerNetworkBinaryTrainer.Options(), Flag)),
                Multilabel => mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel(
                    With(new TwoLayerNetworkMultilabelTrainer.Options(), Flag)),
                _ => mlContext.Regression.Trainers.TwoLayerNetwork(
                    With(new TwoLayerNetworkRegressionTrainer.Options { Loss = loss }, Number)),
            };
        });

    private static FamilyMlNetLearner MlNet(
        string name, FamilyKind kind, Func<MLContext, FamilyTask, IEstimator<ITransformer>?> trainer) =>
        new(name, kind, isOurs: false, (mlContext, table) => trainer(mlContext, table.Task));
}
