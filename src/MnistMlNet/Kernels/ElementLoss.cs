using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.ElementLoss"/>.</summary>
/// <remarks>
/// A target of NaN is missing: its loss and its gradient are 0. Lanes beyond the outputs have such targets.
/// Sums are taken in 16 lanes, and then over the lanes pairwise, so that they don't depend on the width of the vectors.
/// </remarks>
internal static class ElementLoss
{
    private const int Lanes = 16;

    /// <summary>
    /// Columns whose factors <c>1 + exp(-|z|)</c> are multiplied before the logarithm is taken of the product: at most 2⁶⁴, far from the
    /// largest float. One logarithm instead of 64.
    /// </summary>
    private const int ColumnsOfLogarithm = 64;

    /// <summary>The reference implementation.</summary>
    public static void Scalar(
        in ElementLossStep step, MatrixSpan logits, MatrixView targets, ReadOnlySpan<float> weights, Span<float> losses)
    {
        for (int r = 0; r < losses.Length; r++)
        {
            Span<float> row = logits.Row(r);
            ReadOnlySpan<float> target = targets.Row(r);
            float factor = step.Scale * weights[r] / step.OutputCount, sum = 0;
            for (int c = 0; c < row.Length; c++)
            {
                (float loss, float gradient) = float.IsNaN(target[c]) ? (0, 0) : Scalar(step, row[c], target[c]);
                sum += loss;
                row[c] = factor * gradient;
            }

            losses[r] = sum / step.OutputCount;
        }
    }

    /// <summary>The same in vectors; widths are multiples of 16.</summary>
    public static void Vector<TSimd, TVector>(
        in ElementLossStep step, MatrixSpan logits, MatrixView targets, ReadOnlySpan<float> weights, Span<float> losses)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        switch (step.Kind)
        {
            case ElementLossKind.LogLoss:
                Rows<TSimd, TVector, LogLoss>(step, logits, targets, weights, losses);
                break;
            case ElementLossKind.Squared:
                Rows<TSimd, TVector, Squared>(step, logits, targets, weights, losses);
                break;
            case ElementLossKind.Absolute:
                Rows<TSimd, TVector, Absolute>(step, logits, targets, weights, losses);
                break;
            case ElementLossKind.Huber:
                Rows<TSimd, TVector, Huber>(step, logits, targets, weights, losses);
                break;
            case ElementLossKind.Poisson:
                Rows<TSimd, TVector, Poisson>(step, logits, targets, weights, losses);
                break;
            case ElementLossKind.Quantile:
                Rows<TSimd, TVector, Quantile>(step, logits, targets, weights, losses);
                break;
            default:
                throw UnknownMember.Of(step.Kind);
        }
    }

    private static (float Loss, float Gradient) Scalar(in ElementLossStep step, float z, float y)
    {
        float error = z - y, parameter = step.Parameter;
        switch (step.Kind)
        {
            case ElementLossKind.LogLoss:
                float e = MathF.Exp(-MathF.Abs(z));
                return (MathF.Max(z, 0) - y * z + MathF.Log(1 + e), (z > 0 ? 1 / (1 + e) : e / (1 + e)) - y);
            case ElementLossKind.Squared:
                return (error * error, 2 * error);
            case ElementLossKind.Absolute:
                return (MathF.Abs(error), error > 0 ? 1 : error < 0 ? -1 : error);
            case ElementLossKind.Huber:
                float clamped = Math.Clamp(error, -parameter, parameter);
                return (clamped * (error - 0.5f * clamped), clamped);
            case ElementLossKind.Poisson:
                float mean = MathF.Exp(z);
                return (mean - y * z, mean - y);
            case ElementLossKind.Quantile:
                return (MathF.Max(-parameter * error, (1 - parameter) * error), error > 0 ? 1 - parameter : error < 0 ? -parameter : error);
            default:
                throw UnknownMember.Of(step.Kind);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<TSimd, TVector, TLoss>(
        in ElementLossStep step, MatrixSpan logits, MatrixView targets, ReadOnlySpan<float> weights, Span<float> losses)
        where TSimd : ISimd<TVector>
        where TVector : struct
        where TLoss : IElementLoss
    {
        Debug.Assert(logits.ColumnCount % Lanes == 0, "Rows are padded to multiples of 16.");
        Span<float> laneSums = stackalloc float[Lanes], laneFactors = stackalloc float[Lanes];
        ref float sums = ref MemoryMarshal.GetReference(laneSums);
        ref float factors = ref MemoryMarshal.GetReference(laneFactors);
        TVector parameter = TSimd.Broadcast(step.Parameter), zero = TSimd.Broadcast(0), one = TSimd.Broadcast(1);
        int width = logits.ColumnCount;
        for (int r = 0; r < losses.Length; r++)
        {
            ref float z = ref MemoryMarshal.GetReference(logits.Row(r));
            ref float y = ref MemoryMarshal.GetReference(targets.Row(r));
            TVector scale = TSimd.Broadcast(step.Scale * weights[r] / step.OutputCount);
            float loss = 0;
            for (int block = 0; block < width; block += ColumnsOfLogarithm)
            {
                int end = Math.Min(block + ColumnsOfLogarithm, width);
                for (nint first = 0; first < Lanes; first += TSimd.Count)
                {
                    TVector sum = zero, product = one;
                    for (nint c = block + first; c < end; c += Lanes)
                    {
                        TVector target = TSimd.Load(ref y, c);
                        TVector isKnown = TSimd.MultiplyAdd(target, zero, one);       // 1, or NaN where the target is
                        TVector value = TLoss.Compute<TSimd, TVector>(
                            TSimd.Load(ref z, c), target, parameter, out TVector gradient, out TVector factor);
                        sum = TSimd.Add(sum, TSimd.WherePositive(isKnown, value));
                        if (TLoss.HasFactor)
                        {
                            product = TSimd.Multiply(product, TSimd.WherePositive(isKnown, factor, one));
                        }

                        TSimd.Store(TSimd.WherePositive(isKnown, TSimd.Multiply(scale, gradient)), ref z, c);
                    }

                    TSimd.Store(sum, ref sums, first);
                    TSimd.Store(product, ref factors, first);
                }

                loss += SoftmaxLoss.SumOfLanes(ref sums);
                if (TLoss.HasFactor)
                {
                    float all = 1;
                    foreach (float factor in laneFactors)
                    {
                        all *= factor;
                    }

                    loss += MathF.Log(all);
                }
            }

            losses[r] = loss / step.OutputCount;
        }
    }

    /// <summary>One loss in vectors.</summary>
    private interface IElementLoss
    {
        /// <summary>Gets whether the loss is the value plus the logarithm of the factor.</summary>
        static abstract bool HasFactor { get; }

        static abstract TVector Compute<TSimd, TVector>(
            TVector z, TVector y, TVector parameter, out TVector gradient, out TVector factor)
            where TSimd : ISimd<TVector>
            where TVector : struct;
    }

    private readonly struct LogLoss : IElementLoss
    {
        public static bool HasFactor => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Compute<TSimd, TVector>(
            TVector z, TVector y, TVector parameter, out TVector gradient, out TVector factor)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            TVector zero = TSimd.Broadcast(0), one = TSimd.Broadcast(1), minus = TSimd.Subtract(zero, z);
            TVector e = Exponential.OfNonPositive<TSimd, TVector>(TSimd.WherePositive(z, minus, z));
            factor = TSimd.Add(one, e);
            gradient = TSimd.Subtract(TSimd.Divide(TSimd.WherePositive(z, one, e), factor), y);
            return TSimd.Subtract(TSimd.WherePositive(z, z), TSimd.Multiply(y, z));
        }
    }

    private readonly struct Squared : IElementLoss
    {
        public static bool HasFactor => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Compute<TSimd, TVector>(
            TVector z, TVector y, TVector parameter, out TVector gradient, out TVector factor)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            factor = z;
            TVector error = TSimd.Subtract(z, y);
            gradient = TSimd.Add(error, error);
            return TSimd.Multiply(error, error);
        }
    }

    private readonly struct Absolute : IElementLoss
    {
        public static bool HasFactor => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Compute<TSimd, TVector>(
            TVector z, TVector y, TVector parameter, out TVector gradient, out TVector factor)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            factor = z;
            TVector error = TSimd.Subtract(z, y), minus = TSimd.Subtract(y, z), one = TSimd.Broadcast(1);
            gradient = TSimd.WherePositive(error, one, TSimd.WherePositive(minus, TSimd.Broadcast(-1), error));
            return TSimd.Multiply(error, gradient);
        }
    }

    private readonly struct Huber : IElementLoss
    {
        public static bool HasFactor => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Compute<TSimd, TVector>(
            TVector z, TVector y, TVector parameter, out TVector gradient, out TVector factor)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            factor = z;
            TVector error = TSimd.Subtract(z, y), least = TSimd.Subtract(TSimd.Broadcast(0), parameter);
            TVector clamped = TSimd.WherePositive(TSimd.Subtract(error, parameter), parameter, error);
            gradient = TSimd.WherePositive(TSimd.Subtract(least, error), least, clamped);
            return TSimd.Multiply(gradient, TSimd.MultiplyAdd(gradient, TSimd.Broadcast(-0.5f), error));
        }
    }

    private readonly struct Poisson : IElementLoss
    {
        public static bool HasFactor => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Compute<TSimd, TVector>(
            TVector z, TVector y, TVector parameter, out TVector gradient, out TVector factor)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            factor = z;
            TVector one = TSimd.Broadcast(1), minus = TSimd.Subtract(TSimd.Broadcast(0), z);
            TVector e = Exponential.OfNonPositive<TSimd, TVector>(TSimd.WherePositive(z, minus, z));
            TVector mean = TSimd.WherePositive(z, TSimd.Divide(one, e), e);
            gradient = TSimd.Subtract(mean, y);
            return TSimd.Subtract(mean, TSimd.Multiply(y, z));
        }
    }

    private readonly struct Quantile : IElementLoss
    {
        public static bool HasFactor => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Compute<TSimd, TVector>(
            TVector z, TVector y, TVector parameter, out TVector gradient, out TVector factor)
            where TSimd : ISimd<TVector>
            where TVector : struct
        {
            factor = z;
            TVector error = TSimd.Subtract(z, y), minus = TSimd.Subtract(y, z);
            TVector below = TSimd.Subtract(TSimd.Broadcast(0), parameter), above = TSimd.Subtract(TSimd.Broadcast(1), parameter);
            gradient = TSimd.WherePositive(error, above, TSimd.WherePositive(minus, below, error));
            return TSimd.Multiply(error, gradient);
        }
    }
}
