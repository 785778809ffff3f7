using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.AdamIdle"/>.</summary>
internal static class AdamIdleUpdate
{
    /// <summary>The reference implementation.</summary>
    public static void Scalar(Span<float> parameters, Span<float> firstMoment, Span<float> secondMoment, AdamIdleSteps steps)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            float w = parameters[i], m = firstMoment[i], root = MathF.Sqrt(secondMoment[i]);
            for (int k = 0; k < steps.Steps.Length; k++)
            {
                AdamStep step = steps.Steps[k];
                w = step.Decay * w - step.Rate * steps.Beta1[k] * m / (root * (step.RootScale * steps.RootBeta2[k]) + step.Epsilon);
            }

            parameters[i] = w * steps.FurtherDecay;
            firstMoment[i] = Subnormal.Flush(m * steps.FirstScale);
            secondMoment[i] = Subnormal.Flush(secondMoment[i] * steps.SecondScale);
        }
    }

    /// <summary>The vector form, for two vectors at a time; lengths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Vector<TSimd, TVector>(
        Span<float> parameters, Span<float> firstMoment, Span<float> secondMoment, AdamIdleSteps steps)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(parameters.Length % 16 == 0, "Parameters are padded to multiples of 16.");
        Debug.Assert(firstMoment.Length == parameters.Length && secondMoment.Length == parameters.Length, "Lengths differ.");
        Debug.Assert(steps.Beta1.Length >= steps.Steps.Length && steps.RootBeta2.Length >= steps.Steps.Length, "Powers are too few.");
        ref float w = ref MemoryMarshal.GetReference(parameters);
        ref float m = ref MemoryMarshal.GetReference(firstMoment);
        ref float v = ref MemoryMarshal.GetReference(secondMoment);
        ref AdamStep first = ref MemoryMarshal.GetReference(steps.Steps);
        ref float beta1 = ref MemoryMarshal.GetReference(steps.Beta1);
        ref float rootBeta2 = ref MemoryMarshal.GetReference(steps.RootBeta2);
        int count = steps.Steps.Length;
        TVector firstScale = TSimd.Broadcast(steps.FirstScale), secondScale = TSimd.Broadcast(steps.SecondScale);
        TVector furtherDecay = TSimd.Broadcast(steps.FurtherDecay);
        for (nint i = 0; i < parameters.Length; i += 2 * TSimd.Count)
        {
            // Where there is no second vector (16 parameters, vectors of 16), the first one is computed twice and stored twice.
            nint j = i + TSimd.Count < parameters.Length ? i + TSimd.Count : i;
            TVector w0 = TSimd.Load(ref w, i), m0 = TSimd.Load(ref m, i), v0 = TSimd.Load(ref v, i), root0 = TSimd.SquareRoot(v0);
            TVector w1 = TSimd.Load(ref w, j), m1 = TSimd.Load(ref m, j), v1 = TSimd.Load(ref v, j), root1 = TSimd.SquareRoot(v1);
            for (int k = 0; k < count; k++)
            {
                ref AdamStep step = ref Unsafe.Add(ref first, k);
                TVector rate = TSimd.Broadcast(-step.Rate * Unsafe.Add(ref beta1, k));
                TVector scale = TSimd.Broadcast(step.RootScale * Unsafe.Add(ref rootBeta2, k));
                TVector epsilon = TSimd.Broadcast(step.Epsilon), decay = TSimd.Broadcast(step.Decay);
                w0 = TSimd.MultiplyAdd(decay, w0, TSimd.Divide(TSimd.Multiply(rate, m0), TSimd.MultiplyAdd(root0, scale, epsilon)));
                w1 = TSimd.MultiplyAdd(decay, w1, TSimd.Divide(TSimd.Multiply(rate, m1), TSimd.MultiplyAdd(root1, scale, epsilon)));
            }

            TSimd.Store(TSimd.Multiply(w0, furtherDecay), ref w, i);
            TSimd.Store(TSimd.FlushSubnormal(TSimd.Multiply(m0, firstScale)), ref m, i);
            TSimd.Store(TSimd.FlushSubnormal(TSimd.Multiply(v0, secondScale)), ref v, i);
            TSimd.Store(TSimd.Multiply(w1, furtherDecay), ref w, j);
            TSimd.Store(TSimd.FlushSubnormal(TSimd.Multiply(m1, firstScale)), ref m, j);
            TSimd.Store(TSimd.FlushSubnormal(TSimd.Multiply(v1, secondScale)), ref v, j);
        }
    }
}

/// <summary>Several successive Adam updates with a gradient of 0.</summary>
/// <remarks>
/// After k of them the moments are <c>β₁ᵏ m</c> and <c>β₂ᵏ v</c>, so update k = 1, 2, … is
/// <c>w ← decay · w - rate · β₁ᵏ m / (√v · √β₂ᵏ · rootScale + ε)</c>, with the scalars of <see cref="AdamStep"/>.
/// So the moments and the root aren't computed in each step. Further updates, in which β₁ᵏ m no longer matters, only multiply w.
/// </remarks>
internal readonly ref struct AdamIdleSteps
{
    /// <summary>Gets the scalars of each update that m contributes to.</summary>
    public required ReadOnlySpan<AdamStep> Steps { get; init; }

    /// <summary>Gets β₁, β₁², …: at least as many as there are steps.</summary>
    public required ReadOnlySpan<float> Beta1 { get; init; }

    /// <summary>Gets √β₂, β₂, …: at least as many as there are steps.</summary>
    public required ReadOnlySpan<float> RootBeta2 { get; init; }

    /// <summary>Gets the factor of m for all updates together: β₁ⁿ.</summary>
    public required float FirstScale { get; init; }

    /// <summary>Gets the factor of v for all updates together: β₂ⁿ.</summary>
    public required float SecondScale { get; init; }

    /// <summary>Gets the product of the decays of the updates after <see cref="Steps"/>.</summary>
    public required float FurtherDecay { get; init; }
}
