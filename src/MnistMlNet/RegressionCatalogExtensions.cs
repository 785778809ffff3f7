using MnistMlNet;
using MnistMlNet.Extensibility;
using MnistMlNet.Scoring;

namespace Microsoft.ML;

/// <summary>Adds the evaluation of regressions with many outputs to <see cref="MLContext.Regression"/>.</summary>
public static class RegressionCatalogExtensions
{
    /// <summary>Evaluates the scores of a regression with one or more outputs.</summary>
    /// <param name="catalog">The <see cref="MLContext.Regression"/> of a context.</param>
    /// <param name="data">Scored rows; they are read once.</param>
    /// <param name="labelColumnName">The column of labels: <see cref="float"/>, or a vector of <see cref="float"/> of known size. NaN is a
    /// missing label, which doesn't count; the other labels of its row do.</param>
    /// <param name="scoreColumnName">The column of scores, of as many values. The score of a known label must be finite.</param>
    /// <param name="exampleWeightColumnName">The column of weights, <see cref="float"/>, each finite and 0 or above; null for equal
    /// weights. Rows with the weight 0 don't count.</param>
    /// <returns>The errors and R² of each output, and their averages over the outputs.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="catalog"/>, <paramref name="data"/> or a name is null.</exception>
    /// <exception cref="ArgumentException">A column is missing or of another type, or the columns don't match; the message names the
    /// column, what was found and what is expected.</exception>
    /// <exception cref="InvalidOperationException">No row has a known label, or a row has an infinite label, a score that isn't finite, a
    /// weight out of range or another length; the message names the row, counted from 0.</exception>
    /// <example>
    /// <code>
    /// var metrics = mlContext.Regression.EvaluateMultiOutput(model.Transform(testRows));
    /// Console.WriteLine(metrics);
    /// Console.WriteLine(metrics.Outputs[1].RSquared);
    /// </code>
    /// </example>
    public static MultiOutputRegressionMetrics EvaluateMultiOutput(
        this RegressionCatalog catalog, IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string? exampleWeightColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(data);
        return MultiOutputEvaluator.Evaluate(data, labelColumnName, scoreColumnName, exampleWeightColumnName);
    }

    /// <summary>Fits an estimator to all folds but one, evaluates it on that one, and repeats this for each fold.</summary>
    /// <param name="catalog">The <see cref="MLContext.Regression"/> of a context.</param>
    /// <param name="data">The rows to split.</param>
    /// <param name="estimator">The trainer, or a pipeline with it, that adds the column <c>Score</c>.</param>
    /// <param name="numberOfFolds">The number of folds, 2 or more.</param>
    /// <param name="labelColumnName">The column of labels, as for <see cref="EvaluateMultiOutput"/>.</param>
    /// <param name="samplingKeyColumnName">A column that groups rows: rows with the same value are in the same fold. Null for no
    /// groups.</param>
    /// <param name="seed">Decides which rows are in which fold; null for the seed of the context.</param>
    /// <returns>For each fold its model, metrics and scored rows.</returns>
    /// <remarks>The folds are those of ML.NET's own <c>CrossValidate</c>. Each fold is evaluated before the next one is fitted.</remarks>
    /// <exception cref="ArgumentNullException">An argument other than <paramref name="samplingKeyColumnName"/> and
    /// <paramref name="seed"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="numberOfFolds"/> is less than 2, there is no column
    /// <paramref name="samplingKeyColumnName"/>, or the scored rows can't be evaluated.</exception>
    /// <exception cref="InvalidOperationException">A fold has no row with a known label, or a row that can't be evaluated.</exception>
    public static IReadOnlyList<CrossValidationResult<MultiOutputRegressionMetrics>> CrossValidateMultiOutput(
        this RegressionCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds = 5,
        string labelColumnName = "Label", string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        return CrossValidation.Run(catalog.GetDataCatalog(), data, estimator, numberOfFolds, samplingKeyColumnName, seed,
            scored => catalog.EvaluateMultiOutput(scored, labelColumnName));
    }
}
