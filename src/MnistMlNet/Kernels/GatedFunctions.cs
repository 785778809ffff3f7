using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Kernels;

/// <summary>
/// The activations of the form <c>a = x · g(x)</c> with a gate g that rises from 0 to 1. They aren't monotonic, so their derivative
/// can't be computed from a; it is <c>g(x) + x · g'(x)</c>, computed from x.
/// </summary>
/// <remarks>
/// <para>Exact GELU has the normal distribution's Φ as its gate. With t = |x| / √2, <c>1 - Φ(|x|) = erfc(t) / 2</c>, by the polynomials of
/// Cephes (Stephen L. Moshier, <c>ndtrf</c>): <c>erf t = t · T(t²)</c> below 1, and <c>erfc t = exp(-t²) / t · P(1/t²)</c> above, with
/// other coefficients from 2 on. Against erf in double precision the error is below 1.5e-7.</para>
/// <para>The tanh form of GELU is written with the logistic function σ: <c>½ (1 + tanh u) = σ(2u)</c>.</para>
/// <para>For -∞ the result is NaN, as for the product -∞ · 0; for finite numbers it is finite.</para>
/// </remarks>
internal static class GatedFunctions
{
    /// <summary>2 √(2/π): twice the factor of x in the argument of tanh in GELU.</summary>
    public const float TanhLinear = 1.5957691216f;

    /// <summary>Twice the factor of x³ there: 0.044715 · 2 √(2/π).</summary>
    public const float TanhCubic = 0.0713548162726f;

    /// <summary>
    /// Beyond ±64 every derivative here is within 1e-25 of 0 or 1. Arguments are limited to that range, so that their powers stay finite.
    /// </summary>
    private const float Beyond = 64;

    private const float RootHalf = 0.70710678f;

    /// <summary>The density of the normal distribution at 0.</summary>
    private const float Density = 0.39894228f;

    /// <summary>The reference implementation of <c>a = x · g(x)</c>.</summary>
    public static void Scalar(Activation activation, ReadOnlySpan<float> preActivations, Span<float> activations)
    {
        for (int i = 0; i < activations.Length; i++)
        {
            float x = preActivations[i];
            activations[i] = x * Gate(activation, x).Value;
        }
    }

    /// <summary>The reference implementation of <c>gradient · (g(x) + x · g'(x))</c>.</summary>
    public static void ScalarDerivative(Activation activation, ReadOnlySpan<float> preActivations, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            float x = Math.Clamp(preActivations[i], -Beyond, Beyond);
            (float value, float slope) = Gate(activation, x);
            gradient[i] *= value + x * slope;
        }
    }

    /// <summary>The vector form of <see cref="Scalar"/>; lengths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(Activation activation, ReadOnlySpan<float> preActivations, Span<float> activations)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(activations.Length % 16 == 0 && preActivations.Length >= activations.Length, "Rows are padded to multiples of 16.");
        ref float z = ref MemoryMarshal.GetReference(preActivations);
        ref float a = ref MemoryMarshal.GetReference(activations);
        for (nint i = 0; i < activations.Length; i += TSimd.Count)
        {
            TVector x = TSimd.Load(ref z, i);
            TSimd.Store(TSimd.Multiply(x, Gate<TSimd, TVector>(activation, x, out _)), ref a, i);
        }
    }

    /// <summary>The vector form of <see cref="ScalarDerivative"/>; lengths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void VectorDerivative<TSimd, TVector>(Activation activation, ReadOnlySpan<float> preActivations, Span<float> gradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(gradient.Length % 16 == 0 && preActivations.Length >= gradient.Length, "Rows are padded to multiples of 16.");
        ref float z = ref MemoryMarshal.GetReference(preActivations);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        TVector zero = TSimd.Broadcast(0), least = TSimd.Broadcast(-Beyond);
        for (nint i = 0; i < gradient.Length; i += TSimd.Count)
        {
            TVector x = TSimd.Max(TSimd.Load(ref z, i), least);
            x = TSimd.Subtract(zero, TSimd.Max(TSimd.Subtract(zero, x), least));
            TVector value = Gate<TSimd, TVector>(activation, x, out TVector slope);
            TSimd.Store(TSimd.Multiply(TSimd.Load(ref g, i), TSimd.MultiplyAdd(x, slope, value)), ref g, i);
        }
    }

    private static (float Value, float Slope) Gate(Activation activation, float x)
    {
        switch (activation)
        {
            case Activation.Silu:
                return Logistic(x);
            case Activation.GeluTanh:
                float square = x * x;
                (float value, float slope) = Logistic(x * (TanhCubic * square + TanhLinear));
                return (value, slope * (3 * TanhCubic * square + TanhLinear));
            case Activation.Gelu:
                return Normal(x);
            default:
                throw UnknownMember.Of(activation);
        }
    }

    private static (float Value, float Slope) Logistic(float x)
    {
        float e = MathF.Exp(-MathF.Abs(x)), r = 1 / (1 + e);
        return (x > 0 ? r : e * r, e * r * r);
    }

    private static (float Value, float Slope) Normal(float x)
    {
        float t = RootHalf * MathF.Abs(x), e = MathF.Exp(-0.5f * x * x), upper;
        if (t < 1)
        {
            upper = 0.5f - 0.5f * t * Polynomial(ErfBelowOne, t * t);
        }
        else
        {
            float q = 1 / t;
            upper = 0.5f * e * q * Polynomial(t < 2 ? ErfcFromOne : ErfcFromTwo, q * q);
        }

        return (x > 0 ? 1 - upper : upper, Density * e);
    }

    private static float Polynomial(ReadOnlySpan<float> coefficients, float y)
    {
        float sum = coefficients[0];
        foreach (float coefficient in coefficients[1..])
        {
            sum = sum * y + coefficient;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Gate<TSimd, TVector>(Activation activation, TVector x, out TVector slope)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        switch (activation)
        {
            case Activation.Silu:
                return Logistic<TSimd, TVector>(x, out slope);
            case Activation.GeluTanh:
                TVector square = TSimd.Multiply(x, x), linear = TSimd.Broadcast(TanhLinear);
                TVector argument = TSimd.Multiply(x, TSimd.MultiplyAdd(TSimd.Broadcast(TanhCubic), square, linear));
                TVector value = Logistic<TSimd, TVector>(argument, out TVector outer);
                slope = TSimd.Multiply(outer, TSimd.MultiplyAdd(TSimd.Broadcast(3 * TanhCubic), square, linear));
                return value;
            case Activation.Gelu:
                return Normal<TSimd, TVector>(x, out slope);
            default:
                throw UnknownMember.Of(activation);
        }
    }

    private static TVector Logistic<TSimd, TVector>(TVector x, out TVector slope)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector negative = TSimd.Subtract(TSimd.Broadcast(0), x), one = TSimd.Broadcast(1);
        TVector e = Exponential.OfNonPositive<TSimd, TVector>(TSimd.Subtract(TSimd.Broadcast(0), TSimd.Max(x, negative)));
        TVector r = TSimd.Divide(one, TSimd.Add(one, e)), er = TSimd.Multiply(e, r);
        slope = TSimd.Multiply(er, r);
        return TSimd.WherePositive(x, r, er);
    }

    private static TVector Normal<TSimd, TVector>(TVector x, out TVector slope)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector one = TSimd.Broadcast(1), half = TSimd.Broadcast(0.5f);
        TVector t = TSimd.Multiply(TSimd.Broadcast(RootHalf), TSimd.Max(x, TSimd.Subtract(TSimd.Broadcast(0), x)));
        TVector e = Exponential.OfNonPositive<TSimd, TVector>(TSimd.Multiply(TSimd.Multiply(TSimd.Broadcast(-0.5f), x), x));
        slope = TSimd.Multiply(TSimd.Broadcast(Density), e);

        // All three forms are computed for every lane, since the lanes need different ones; the result of an unused form may be any number.
        TVector q = TSimd.Divide(one, TSimd.Max(t, one)), y = TSimd.Multiply(q, q);
        TVector tail = TSimd.WherePositive(
            TSimd.Subtract(TSimd.Broadcast(2), t), Polynomial<TSimd, TVector>(ErfcFromOne, y), Polynomial<TSimd, TVector>(ErfcFromTwo, y));
        TVector near = TSimd.Multiply(t, Polynomial<TSimd, TVector>(ErfBelowOne, TSimd.Multiply(t, t)));
        TVector upper = TSimd.WherePositive(
            TSimd.Subtract(one, t), TSimd.Subtract(half, TSimd.Multiply(half, near)),
            TSimd.Multiply(TSimd.Multiply(half, e), TSimd.Multiply(q, tail)));
        return TSimd.WherePositive(x, TSimd.Subtract(one, upper), upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Polynomial<TSimd, TVector>(ReadOnlySpan<float> coefficients, TVector y)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        TVector sum = TSimd.Broadcast(coefficients[0]);
        for (int i = 1; i < coefficients.Length; i++)
        {
            sum = TSimd.MultiplyAdd(sum, y, TSimd.Broadcast(coefficients[i]));
        }

        return sum;
    }

    // The coefficient of the highest power comes first.
    private static ReadOnlySpan<float> ErfBelowOne =>
    [
        7.853861353153693e-5f, -8.010193625184903e-4f, 5.188327685732524e-3f, -2.685381193529856e-2f, 1.128358514861418e-1f,
        -3.761262582423300e-1f, 1.128379165726710f,
    ];

    private static ReadOnlySpan<float> ErfcFromOne =>
    [
        2.326819970068386e-2f, -1.387039388740657e-1f, 3.687424674597105e-1f, -5.824733027278666e-1f, 6.210004621745983e-1f,
        -4.944515323274145e-1f, 3.404879937665872e-1f, -2.741127028184656e-1f, 5.638259427386472e-1f,
    ];

    private static ReadOnlySpan<float> ErfcFromTwo =>
    [
        -1.047766399936249e+1f, 1.297719955372516e+1f, -7.495518717768503f, 2.921019019210786f, -1.015265279202700f,
        4.218463358204948e-1f, -2.820767439740514e-1f, 5.641895067754075e-1f,
    ];
}
