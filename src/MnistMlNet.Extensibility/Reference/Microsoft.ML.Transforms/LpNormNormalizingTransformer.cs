namespace Microsoft.ML.Transforms;

/// <summary>Public in ML.NET, its options private: what <c>NormalizeLpNorm</c> and <c>NormalizeGlobalContrast</c> make.</summary>
public sealed class LpNormNormalizingTransformer
{
    public readonly LpNormNormalizingEstimatorBase.ColumnOptionsBase[] _columns = null!;

    private LpNormNormalizingTransformer() => throw null!;
}

/// <summary>Public in ML.NET, the options of a column internal.</summary>
public abstract class LpNormNormalizingEstimatorBase
{
    private LpNormNormalizingEstimatorBase() => throw null!;

    public enum NormFunction : byte
    {
        L2 = 0,
        StandardDeviation = 1,
        L1 = 2,
        Infinity = 3,
    }

    public abstract class ColumnOptionsBase
    {
        public readonly NormFunction Norm;
        public readonly bool EnsureZeroMean;
        public readonly float Scale;

        private ColumnOptionsBase() => throw null!;
    }
}
