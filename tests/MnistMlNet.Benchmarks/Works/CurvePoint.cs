using MnistMlNet.Benchmarks.Data;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>One point of the cost curve.</summary>
internal sealed record CurvePoint(int Rows, int Features, int Hidden, int Batch, int Threads)
{
    /// <summary>
    /// Gets the floating-point operations of a row's forward and backward pass: 4·I·H (the input has no gradient) and 6·H·C. Adam's aren't
    /// counted.
    /// </summary>
    public double FlopsPerRow => (4.0 * Features * Hidden) + (6.0 * Hidden * DenseRows.ClassCount);
}
