using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers.Lbfgs;

/// <summary>The last m pairs of a step s and its gradient change y, from which L-BFGS estimates the curvature.</summary>
internal sealed class LbfgsHistory(int length, int capacity)
{
    /// <summary>The minimum cosine between s and y. Below it yᵀs is rounding error, which would make the next direction huge.</summary>
    private const double MinCosine = 1e-10;

    private readonly List<Pair> _pairs = new(capacity);                        // oldest first
    private readonly double[] _alphas = new double[capacity];
    private Pair? _reusable;                                                      // its memory is used for the next pair

    public int Count => _pairs.Count;

    public void Clear() => _pairs.Clear();

    /// <summary>Adds the pair of one iteration if its curvature yᵀs is clearly above 0. A full history drops its oldest pair.</summary>
    /// <returns>Whether the pair was added.</returns>
    public bool Add(ReadOnlySpan<float> from, ReadOnlySpan<float> to, ReadOnlySpan<float> gradientFrom, ReadOnlySpan<float> gradientTo)
    {
        Pair pair = _reusable ?? new Pair(length);
        FloatVectors.Subtract(to, from, pair.Step.Span);
        FloatVectors.Subtract(gradientTo, gradientFrom, pair.Change.Span);
        double ys = LbfgsVectors.Dot(pair.Change.Span, pair.Step.Span);
        double yy = LbfgsVectors.Dot(pair.Change.Span, pair.Change.Span);
        double ss = LbfgsVectors.Dot(pair.Step.Span, pair.Step.Span);
        if (!(ys > MinCosine * Math.Sqrt(ss) * Math.Sqrt(yy)))
        {
            _reusable = pair;
            return false;
        }

        pair.Rho = 1 / ys;
        _reusable = null;
        if (Count == capacity)
        {
            _reusable = _pairs[0];
            _pairs.RemoveAt(0);
        }

        _pairs.Add(pair);
        return true;
    }

    /// <summary>
    /// Computes <c>direction = -H · gradient</c> with an estimate H of the inverse Hessian (Nocedal and Wright, algorithm 7.4).
    /// </summary>
    /// <remarks>H starts from <c>γ I</c>, <c>γ = sᵀy / yᵀy</c> of the newest pair (equation 7.20); without pairs H is I.</remarks>
    public void Direction(ReadOnlySpan<float> gradient, Span<float> direction)
    {
        FloatVectors.Multiply(gradient, -1, direction);
        if (Count == 0)
        {
            return;
        }

        for (int i = Count - 1; i >= 0; i--)
        {
            Pair pair = _pairs[i];
            _alphas[i] = pair.Rho * LbfgsVectors.Dot(pair.Step.Span, direction);
            FloatVectors.MultiplyAdd(pair.Change.Span, (float)-_alphas[i], direction, direction);
        }

        Pair newest = _pairs[^1];
        double gamma = 1 / (newest.Rho * LbfgsVectors.Dot(newest.Change.Span, newest.Change.Span));
        FloatVectors.Multiply(direction, (float)gamma, direction);
        for (int i = 0; i < Count; i++)
        {
            Pair pair = _pairs[i];
            double beta = pair.Rho * LbfgsVectors.Dot(pair.Change.Span, direction);
            FloatVectors.MultiplyAdd(pair.Step.Span, (float)(_alphas[i] - beta), direction, direction);
        }
    }

    /// <summary>Copies the pairs, oldest first.</summary>
    public (float[][] Steps, float[][] Changes, double[] Rho) Export() => (
        [.. _pairs.Select(pair => pair.Step.Span.ToArray())],
        [.. _pairs.Select(pair => pair.Change.Span.ToArray())],
        [.. _pairs.Select(pair => pair.Rho)]);

    /// <summary>Replaces the pairs by others, oldest first.</summary>
    public void Import(float[][] steps, float[][] changes, double[] rho)
    {
        _pairs.Clear();
        for (int i = 0; i < rho.Length; i++)
        {
            var pair = new Pair(length) { Rho = rho[i] };
            steps[i].CopyTo(pair.Step.Span);
            changes[i].CopyTo(pair.Change.Span);
            _pairs.Add(pair);
        }
    }

    private sealed class Pair(int length)
    {
        /// <summary>Gets s, the difference of the parameters.</summary>
        public AlignedArray Step { get; } = new(length);

        /// <summary>Gets y, the difference of the gradients.</summary>
        public AlignedArray Change { get; } = new(length);

        /// <summary>Gets or sets 1 / yᵀs.</summary>
        public double Rho { get; set; }
    }
}

/// <summary>Dot products whose bits depend only on the values.</summary>
/// <remarks>
/// <c>TensorPrimitives.Dot</c> adds in an order that depends on the width of the machine's vectors and on the address of the memory. Here
/// every machine computes the same eight partial sums. The product of two floats is exact in double, so a fused multiply-add gives the
/// same bits, too.
/// </remarks>
internal static class LbfgsVectors
{
    private const int Lanes = 8;

    /// <summary>Computes <c>Σ x[i] · y[i]</c> in double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        Vector256<double> low = default, high = default;
        int whole = x.Length - x.Length % Lanes;
        ReadOnlySpan<Vector256<float>> xs = MemoryMarshal.Cast<float, Vector256<float>>(x[..whole]);
        ReadOnlySpan<Vector256<float>> ys = MemoryMarshal.Cast<float, Vector256<float>>(y[..whole]);
        for (int i = 0; i < xs.Length; i++)
        {
            (Vector256<double> xLow, Vector256<double> xHigh) = Vector256.Widen(xs[i]);
            (Vector256<double> yLow, Vector256<double> yHigh) = Vector256.Widen(ys[i]);
            low += xLow * yLow;
            high += xHigh * yHigh;
        }

        Vector256<double> sums = low + high;
        double sum = sums[0] + sums[1] + sums[2] + sums[3];
        for (int i = whole; i < x.Length; i++)
        {
            sum += (double)x[i] * y[i];
        }

        return sum;
    }
}
