using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.GradientDescent"/>. Without momentum the velocity is empty.</summary>
internal static class GradientDescentUpdate
{
    /// <summary>The reference implementation.</summary>
    public static void Scalar(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity, in GradientDescentStep step)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            float change = -step.LearningRate * (gradient[i] + step.L2 * parameters[i]);
            if (!velocity.IsEmpty)
            {
                float u = velocity[i] = Subnormal.Flush(step.Momentum * velocity[i] + change);
                change = step.Nesterov ? step.Momentum * u + change : u;
            }

            parameters[i] += change;
        }
    }

    /// <summary>The vector form; lengths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(Span<float> parameters, ReadOnlySpan<float> gradient, Span<float> velocity,
        in GradientDescentStep step)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(parameters.Length % 16 == 0, "Parameters are padded to multiples of 16.");
        Debug.Assert(gradient.Length == parameters.Length && (velocity.IsEmpty || velocity.Length == parameters.Length), "Lengths differ.");
        ref float w = ref MemoryMarshal.GetReference(parameters);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        ref float u = ref MemoryMarshal.GetReference(velocity);
        TVector rate = TSimd.Broadcast(-step.LearningRate), l2 = TSimd.Broadcast(step.L2), momentum = TSimd.Broadcast(step.Momentum);
        nint length = parameters.Length;
        bool hasVelocity = !velocity.IsEmpty, nesterov = step.Nesterov;
        for (nint i = 0; i < length; i += TSimd.Count)
        {
            TVector wi = TSimd.Load(ref w, i);
            TVector change = TSimd.Multiply(rate, TSimd.MultiplyAdd(l2, wi, TSimd.Load(ref g, i)));
            if (hasVelocity)
            {
                TVector ui = TSimd.FlushSubnormal(TSimd.MultiplyAdd(momentum, TSimd.Load(ref u, i), change));
                TSimd.Store(ui, ref u, i);
                change = nesterov ? TSimd.MultiplyAdd(momentum, ui, change) : ui;
            }

            TSimd.Store(TSimd.Add(wi, change), ref w, i);
        }
    }
}

/// <summary>The scalars of one update by gradient descent with momentum μ.</summary>
/// <remarks>
/// <c>d = g + λ w</c>; <c>u ← μ u - η d</c>; <c>w ← w + u</c>, or with Nesterov's look-ahead
/// <c>w ← w + μ u - η d</c> (Sutskever et al. 2013). Without momentum there is no velocity: <c>w ← w - η d</c>.
/// </remarks>
internal readonly record struct GradientDescentStep(float LearningRate, float Momentum, bool Nesterov, float L2);
