using Microsoft.ML;

namespace MnistMlNet;

/// <summary>The result of one fold of a cross-validation.</summary>
/// <typeparam name="TMetrics">The type of the metrics.</typeparam>
/// <remarks>
/// It has the members of ML.NET's <c>TrainCatalogBase.CrossValidationResult</c>, whose constructor isn't public. Returned by
/// <see cref="RegressionCatalogExtensions.CrossValidateMultiOutput"/> and
/// <see cref="MulticlassClassificationCatalogExtensions.CrossValidateMultilabel"/>.
/// </remarks>
public sealed class CrossValidationResult<TMetrics>
    where TMetrics : class
{
    internal CrossValidationResult(ITransformer model, TMetrics metrics, IDataView scoredHoldOutSet, int fold)
    {
        Model = model;
        Metrics = metrics;
        ScoredHoldOutSet = scoredHoldOutSet;
        Fold = fold;
    }

    /// <summary>Gets the model that was fitted to the rows of all other folds.</summary>
    public ITransformer Model { get; }

    /// <summary>Gets the metrics of <see cref="Model"/> on the rows of this fold.</summary>
    public TMetrics Metrics { get; }

    /// <summary>Gets the rows of this fold, scored by <see cref="Model"/>.</summary>
    public IDataView ScoredHoldOutSet { get; }

    /// <summary>Gets the number of the fold, from 0.</summary>
    public int Fold { get; }
}
