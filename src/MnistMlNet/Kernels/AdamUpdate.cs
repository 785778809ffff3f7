using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.Adam"/>.</summary>
internal static class AdamUpdate
{
    /// <summary>The reference implementation.</summary>
    public static void Scalar(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment,
        in AdamStep step)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            float g = gradient[i];
            float m = Subnormal.Flush(firstMoment[i] + step.OneMinusBeta1 * (g - firstMoment[i]));
            float v = Subnormal.Flush(secondMoment[i] + step.OneMinusBeta2 * (g * g - secondMoment[i]));
            firstMoment[i] = m;
            secondMoment[i] = v;
            parameters[i] = step.Decay * parameters[i] - step.Rate * m / (MathF.Sqrt(v) * step.RootScale + step.Epsilon);
        }
    }

    /// <summary>The vector form; lengths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Vector<TSimd, TVector>(
        Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> firstMoment, Span<float> secondMoment, in AdamStep step)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(parameters.Length % 16 == 0, "Parameters are padded to multiples of 16.");
        Debug.Assert(gradient.Length == parameters.Length && firstMoment.Length == parameters.Length
            && secondMoment.Length == parameters.Length, "Lengths differ.");
        ref float w = ref MemoryMarshal.GetReference(parameters);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        ref float m = ref MemoryMarshal.GetReference(firstMoment);
        ref float v = ref MemoryMarshal.GetReference(secondMoment);
        TVector oneMinusBeta1 = TSimd.Broadcast(step.OneMinusBeta1), oneMinusBeta2 = TSimd.Broadcast(step.OneMinusBeta2);
        TVector rate = TSimd.Broadcast(-step.Rate), rootScale = TSimd.Broadcast(step.RootScale);
        TVector epsilon = TSimd.Broadcast(step.Epsilon), decay = TSimd.Broadcast(step.Decay);
        nint length = parameters.Length;
        for (nint i = 0; i < length; i += TSimd.Count)
        {
            TVector gi = TSimd.Load(ref g, i), mi = TSimd.Load(ref m, i), vi = TSimd.Load(ref v, i);
            mi = TSimd.FlushSubnormal(TSimd.MultiplyAdd(oneMinusBeta1, TSimd.Subtract(gi, mi), mi));
            vi = TSimd.FlushSubnormal(TSimd.MultiplyAdd(oneMinusBeta2, TSimd.Subtract(TSimd.Multiply(gi, gi), vi), vi));
            TSimd.Store(mi, ref m, i);
            TSimd.Store(vi, ref v, i);
            if (TSimd.NonZeroMask(mi) == 0)
            {
                // Usually the weights of an input that no row has set so far. The change is 0; the root and the division, which take most
                // of the time, aren't needed.
                TSimd.Store(TSimd.Multiply(decay, TSimd.Load(ref w, i)), ref w, i);
                continue;
            }

            TVector denominator = TSimd.MultiplyAdd(TSimd.SquareRoot(vi), rootScale, epsilon);
            TVector change = TSimd.Divide(TSimd.Multiply(rate, mi), denominator);
            TSimd.Store(TSimd.MultiplyAdd(decay, TSimd.Load(ref w, i), change), ref w, i);
        }
    }
}

/// <summary>
/// The scalars of one Adam update (Kingma and Ba 2015, arXiv:1412.6980; decoupled decay: Loshchilov and Hutter 2019, arXiv:1711.05101).
/// </summary>
/// <remarks>
/// <c>m ← m + (1 - β₁)(g - m)</c>; <c>v ← v + (1 - β₂)(g² - v)</c>; <c>w ← decay · w - rate · m / (√v · rootScale + ε)</c>
/// (subnormal m and v become 0: <see cref="Subnormal"/>), with <c>rate = η / (1 - β₁ᵗ)</c>, <c>rootScale = 1 / √(1 - β₂ᵗ)</c> and <c>decay
/// = 1 - η λ</c>.
/// </remarks>
internal readonly record struct AdamStep(float OneMinusBeta1, float OneMinusBeta2, float Rate, float RootScale, float Epsilon, float Decay);

/// <summary>Numbers below the smallest normal float. Processors divide and multiply them many times slower than other numbers.</summary>
/// <remarks>
/// If gradients are 0 from some step on, as at a dead unit, their mean decays into the subnormal range and rounding keeps it there, so
/// that every later update would be slow. Such means are set to 0: compared with weights, and with an ε near the usual 1e-8, they are
/// negligible.
/// </remarks>
internal static class Subnormal
{
    /// <summary>2⁻¹²⁶.</summary>
    public const float SmallestNormal = 1.17549435e-38f;

    /// <summary>0 where <paramref name="value"/> is subnormal; NaN stays.</summary>
    public static float Flush(float value) => MathF.Abs(value) < SmallestNormal ? 0 : value;

    /// <summary>Multiplies values by a factor; subnormal products become 0.</summary>
    public static void Scale(Span<float> values, float factor)
    {
        foreach (ref float value in values)
        {
            value = Flush(value * factor);
        }
    }
}
