using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Scoring;

/// <summary>Fits and evaluates an estimator fold by fold, on the folds of ML.NET's own <c>CrossValidate</c>.</summary>
internal static class CrossValidation
{
    /// <param name="catalog">Splits the data; of the context whose seed is used where <paramref name="seed"/> is null.</param>
    /// <param name="evaluate">From the scored rows of a fold to its metrics.</param>
    public static IReadOnlyList<CrossValidationResult<TMetrics>> Run<TMetrics>(
        DataOperationsCatalog catalog, IDataView data, IEstimator<ITransformer> estimator, int numberOfFolds,
        string? samplingKeyColumnName, int? seed, Func<IDataView, TMetrics> evaluate)
        where TMetrics : class
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(estimator);
        if (numberOfFolds < 2)
        {
            throw new ArgumentOutOfRangeException(
                nameof(numberOfFolds), numberOfFolds, $"numberOfFolds is {numberOfFolds}; it must be 2 or more.");
        }

        if (samplingKeyColumnName is not null)
        {
            ScoredColumns.Find(data, "sampling-key", samplingKeyColumnName, nameof(samplingKeyColumnName));
        }

        var results = new List<CrossValidationResult<TMetrics>>(numberOfFolds);
        foreach (DataOperationsCatalog.TrainTestData split in
            catalog.CrossValidationSplit(data, numberOfFolds, samplingKeyColumnName, seed))
        {
            // Evaluated before the next fold is fitted, so that a wrong column name costs one training and not all.
            ITransformer model = estimator.Fit(split.TrainSet);
            IDataView scored = Transform(model, split.TestSet);
            results.Add(new CrossValidationResult<TMetrics>(model, evaluate(scored), scored, results.Count));
        }

        return results;
    }

    /// <summary>Applies all steps of a chain. A chain's own <c>Transform</c> leaves out the steps for training and testing only, such as
    /// those that make the label.</summary>
    private static IDataView Transform(ITransformer model, IDataView rows) =>
        model.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(TransformerChain<>)
            ? ((IEnumerable<ITransformer>)model).Aggregate(rows, (data, step) => step.Transform(data))
            : model.Transform(rows);
}
