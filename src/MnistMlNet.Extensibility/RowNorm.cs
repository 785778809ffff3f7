using Microsoft.ML.Transforms;

namespace MnistMlNet.Extensibility;

/// <summary>How <c>NormalizeLpNorm</c> or <c>NormalizeGlobalContrast</c> scales a row.</summary>
/// <param name="Kind">The norm.</param>
/// <param name="IsCentered">Whether the mean of the row is subtracted first.</param>
/// <param name="Scale">The norm that a row gets.</param>
internal sealed record RowNorm(RowNormKind Kind, bool IsCentered, float Scale)
{
    /// <summary>A factor below this isn't applied; ML.NET's own constant.</summary>
    internal const float MinimumFactor = 1e-8f;

    /// <summary>Reads the norm of one column.</summary>
    /// <param name="transformer">The fitted normalizer.</param>
    /// <param name="column">The number of the column pair.</param>
    internal static RowNorm Of(object transformer, int column)
    {
        LpNormNormalizingEstimatorBase.ColumnOptionsBase options = ((LpNormNormalizingTransformer)transformer)._columns[column];
        return new RowNorm((RowNormKind)options.Norm, options.EnsureZeroMean, options.Scale);
    }
}

/// <summary>The norms, with ML.NET's numbers.</summary>
internal enum RowNormKind
{
    /// <summary>The root of the sum of squares.</summary>
    L2 = 0,

    /// <summary>The root of the mean squared deviation from the mean.</summary>
    StandardDeviation = 1,

    /// <summary>The sum of absolute values.</summary>
    L1 = 2,

    /// <summary>The largest absolute value.</summary>
    Infinity = 3,
}
