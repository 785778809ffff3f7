using MnistMlNet;
using MnistMlNet.Extensibility;
using MnistMlNet.Scoring;

namespace Microsoft.ML;

/// <summary>Adds the evaluation of multi-label classifications to <see cref="MLContext.MulticlassClassification"/>.</summary>
public static class MulticlassClassificationCatalogExtensions
{
    /// <summary>Evaluates the predictions of a multi-label classification.</summary>
    /// <param name="catalog">The <see cref="MLContext.MulticlassClassification"/> of a context.</param>
    /// <param name="data">Scored rows; they are read once.</param>
    /// <param name="labelColumnName">The column of labels: a vector of <see cref="bool"/>, or of <see cref="float"/> with 0 and 1, of known
    /// size. NaN is a missing entry, which doesn't count.</param>
    /// <param name="probabilityColumnName">The column of probabilities, 0 to 1: a vector of <see cref="float"/> of the same size.</param>
    /// <param name="predictedLabelColumnName">The column of predictions: a vector of <see cref="bool"/> of the same size.</param>
    /// <returns>The metrics over all labels, and those of each label.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/>, <paramref name="data"/> or a name is null.</exception>
    /// <exception cref="ArgumentException">A column is missing or of another type, or the columns don't match; the message names the
    /// column, what was found and what is expected.</exception>
    /// <exception cref="InvalidOperationException">No row has a known entry, or a row has a label other than 0, 1 and NaN, a probability
    /// out of range or another length; the message names the row, counted from 0.</exception>
    /// <example>
    /// <code>
    /// var metrics = mlContext.MulticlassClassification.EvaluateMultilabel(model.Transform(testRows));
    /// Console.WriteLine(metrics);
    /// Console.WriteLine(metrics.Labels[1].Recall);
    /// </code>
    /// </example>
    public static MultilabelMetrics EvaluateMultilabel(
        this MulticlassClassificationCatalog catalog, IDataView data, string labelColumnName = "Label",
        string probabilityColumnName = "Probability", string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return MultilabelEvaluator.Evaluate(data, labelColumnName, probabilityColumnName, predictedLabelColumnName);
    }

    /// <summary>Fits an estimator to all folds but one, evaluates it on that one, and repeats this for each fold.</summary>
    /// <param name="catalog">The <see cref="MLContext.MulticlassClassification"/> of a context.</param>
    /// <param name="data">The rows to split.</param>
    /// <param name="estimator">The trainer, or a pipeline with it, that adds the columns <c>Probability</c> and
    /// <c>PredictedLabel</c>.</param>
    /// <param name="numberOfFolds">The number of folds, 2 or more.</param>
    /// <param name="labelColumnName">The column of labels, as for <see cref="EvaluateMultilabel"/>.</param>
    /// <param name="samplingKeyColumnName">A column that groups rows: rows with the same value are in the same fold. Null for no
    /// groups.</param>
    /// <param name="seed">Decides which rows are in which fold; null for the seed of the context.</param>
    /// <returns>For each fold its model, metrics and scored rows.</returns>
    /// <remarks>The folds are those of ML.NET's own <c>CrossValidate</c>. Each fold is evaluated before the next one is fitted.</remarks>
    /// <exception cref="ArgumentNullException">An argument other than <paramref name="samplingKeyColumnName"/> and
    /// <paramref name="seed"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="numberOfFolds"/> is less than 2, there is no column
    /// <paramref name="samplingKeyColumnName"/>, or the scored rows can't be evaluated.</exception>
    /// <exception cref="InvalidOperationException">A fold has no row with a known entry, or a row that can't be evaluated.</exception>
    public static IReadOnlyList<CrossValidationResult<MultilabelMetrics>> CrossValidateMultilabel(
        this MulticlassClassificationCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5,
        string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        return CrossValidation.Run(catalog.GetDataCatalog(), data, estimator, numberOfFolds, samplingKeyColumnName, seed,
            scored => catalog.EvaluateMultilabel(scored, labelColumnName));
    }
}
