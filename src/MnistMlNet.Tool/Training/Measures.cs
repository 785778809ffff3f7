using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tool.Training;

/// <summary>The metrics of ML.NET's evaluators that are shown, by name.</summary>
internal static class Measures
{
    /// <param name="mlContext">The context.</param>
    /// <param name="task">The task.</param>
    /// <param name="scored">The scored rows.</param>
    /// <param name="label">The label's column.</param>
    /// <param name="labelCount">The number of columns that the label has in the file.</param>
    public static IReadOnlyList<(string Name, double Value, bool IsFraction)> Of(
        MLContext mlContext, TrainingTask task, IDataView scored, string label, int labelCount)
    {
        switch (task)
        {
            case TrainingTask.Binary:
                CalibratedBinaryClassificationMetrics pair = mlContext.BinaryClassification.Evaluate(scored, label);
                return [("accuracy", pair.Accuracy, true), ("area under ROC", pair.AreaUnderRocCurve, false), ("F1", pair.F1Score, true)];
            case TrainingTask.Multilabel:
                MultilabelMetrics labels = mlContext.MulticlassClassification.EvaluateMultilabel(scored, label);
                return [("micro F1", labels.MicroF1, true), ("macro F1", labels.MacroF1, true),
                    ("all labels right", labels.SubsetAccuracy, true), ("Hamming loss", labels.HammingLoss, true)];
            case TrainingTask.Regression when labelCount > 1:
                MultiOutputRegressionMetrics numbers = mlContext.Regression.EvaluateMultiOutput(scored, label);
                return [("mean R²", numbers.AverageRSquared, false),
                    .. numbers.Outputs.SelectMany(output => new[]
                    {
                        ($"R² of {Shown.Text(output.Name)}", output.RSquared, false),
                        ($"RMSE of {Shown.Text(output.Name)}", output.RootMeanSquaredError, false),
                    })];
            case TrainingTask.Regression:
                RegressionMetrics number = mlContext.Regression.Evaluate(scored, label);
                return [("R²", number.RSquared, false), ("RMSE", number.RootMeanSquaredError, false),
                    ("mean absolute error", number.MeanAbsoluteError, false)];
            default:
                MulticlassClassificationMetrics classes = mlContext.MulticlassClassification.Evaluate(scored, label);
                return [("accuracy", classes.MicroAccuracy, true), ("macro accuracy", classes.MacroAccuracy, true),
                    ("log-loss", classes.LogLoss, false)];
        }
    }
}
