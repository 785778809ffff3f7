using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Tasks;

/// <summary>Trains the network of any task, for tests that hold for all of them.</summary>
internal static class TaskTraining
{
    public const string Binary = "binary";
    public const string Number = "a number";
    public const string Numbers = "many numbers";
    public const string Counts = "counts";
    public const string Labels = "many labels";

    public static TheoryData<string> All => [Binary, Number, Numbers, Counts, Labels];

    /// <summary>Options of a small network on one thread, fast and repeatable.</summary>
    public static TwoLayerNetworkOptions Options(string task, Action<TwoLayerNetworkOptions>? change = null)
    {
        TwoLayerNetworkOptions options = task switch
        {
            Binary => new TwoLayerNetworkBinaryTrainer.Options { LabelColumnName = nameof(TaskRow.Answer) },
            Number => new TwoLayerNetworkRegressionTrainer.Options { LabelColumnName = nameof(TaskRow.Number) },
            Numbers => new TwoLayerNetworkRegressionTrainer.Options { LabelColumnName = nameof(TaskRow.Numbers) },
            Counts => new TwoLayerNetworkRegressionTrainer.Options
            {
                LabelColumnName = nameof(TaskRow.Count),
                Loss = RegressionLoss.Poisson,
            },
            Labels => new TwoLayerNetworkMultilabelTrainer.Options { LabelColumnName = nameof(TaskRow.Answers) },
            _ => throw new ArgumentOutOfRangeException(nameof(task), task, "No such task."),
        };
        (options.HiddenUnits, options.NumberOfEpochs, options.Seed, options.NumberOfThreads) = (6, 5, 1, 1);
        change?.Invoke(options);
        return options;
    }

    public static IEstimator<ITransformer> Trainer(MLContext mlContext, TwoLayerNetworkOptions options) => options switch
    {
        TwoLayerNetworkBinaryTrainer.Options binary => mlContext.BinaryClassification.Trainers.TwoLayerNetwork(binary),
        TwoLayerNetworkRegressionTrainer.Options regression => mlContext.Regression.Trainers.TwoLayerNetwork(regression),
        TwoLayerNetworkMultilabelTrainer.Options labels => mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel(labels),
        _ => mlContext.MulticlassClassification.Trainers.TwoLayerNetwork((TwoLayerNetworkTrainer.Options)options),
    };

    public static TaskModel Fit(
        MLContext mlContext, TwoLayerNetworkOptions options, IDataView data, IDataView? validation = null,
        TwoLayerNetworkModelParametersBase? initial = null) => TaskModel.Of(Trainer(mlContext, options) switch
        {
            TwoLayerNetworkBinaryTrainer trainer => trainer.Fit(data, validation, (TwoLayerNetworkBinaryModelParameters?)initial),
            TwoLayerNetworkRegressionTrainer trainer => trainer.Fit(data, validation, (TwoLayerNetworkRegressionModelParameters?)initial),
            TwoLayerNetworkMultilabelTrainer trainer => trainer.Fit(data, validation, (TwoLayerNetworkMultilabelModelParameters?)initial),
            var other => other.Fit(data),
        });

    public static TaskModel ContinueFit(
        MLContext mlContext, TwoLayerNetworkOptions options, TaskModel model, IDataView data, IDataView? validation = null) =>
        TaskModel.Of(Trainer(mlContext, options) switch
        {
            TwoLayerNetworkBinaryTrainer trainer => trainer.ContinueFit(
                (BinaryPredictionTransformer<TwoLayerNetworkBinaryModelParameters>)model.Transformer, data, validation),
            TwoLayerNetworkRegressionTrainer trainer =>
                trainer.ContinueFit((TwoLayerNetworkRegressionTransformer)model.Transformer, data, validation),
            TwoLayerNetworkMultilabelTrainer trainer =>
                trainer.ContinueFit((TwoLayerNetworkMultilabelTransformer)model.Transformer, data, validation),
            var other => throw new ArgumentOutOfRangeException(nameof(options), other, "No such task."),
        });

    /// <summary>The numbers by which rows are scored, row by row: probabilities, or the estimated numbers.</summary>
    public static float[] Scores(string task, IDataView scored) => task switch
    {
        Binary => [.. scored.GetColumn<float>("Probability")],
        Labels => [.. scored.GetColumn<float[]>("Probability").SelectMany(row => row)],
        Numbers => [.. scored.GetColumn<float[]>("Score").SelectMany(row => row)],
        _ => [.. scored.GetColumn<float>("Score")],
    };
}

/// <summary>A trained transformer with what the transformers of all tasks have.</summary>
internal sealed record TaskModel(ITransformer Transformer, TwoLayerNetworkModelParametersBase Model, TrainingHistory History)
{
    /// <summary>Gets all parameters as bits, for bit-exact comparison.</summary>
    public int[] Bits => [.. new[] { Model.HiddenWeights, Model.HiddenBiases, Model.OutputWeights, Model.OutputBiases }
        .SelectMany(part => part.ToArray()).Select(BitConverter.SingleToInt32Bits)];

    public static TaskModel Of(ITransformer transformer) => transformer switch
    {
        BinaryPredictionTransformer<TwoLayerNetworkBinaryModelParameters> binary => new(binary, binary.Model, binary.Model.History!),
        TwoLayerNetworkRegressionTransformer regression => new(regression, regression.Model, regression.History),
        TwoLayerNetworkMultilabelTransformer labels => new(labels, labels.Model, labels.History),
        _ => throw new ArgumentOutOfRangeException(nameof(transformer), transformer.GetType(), "No transformer of these tasks."),
    };
}
