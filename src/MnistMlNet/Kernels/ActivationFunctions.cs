using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Kernels;

/// <summary>
/// The activation functions of the hidden units and their derivatives. No other file defines them.
/// </summary>
internal static class ActivationFunctions
{
    /// <summary>The slope of <see cref="Activation.LeakyRelu"/> below 0.</summary>
    public const float LeakySlope = 0.01f;

    /// <summary>
    /// Whether the derivative is computed from the pre-activation z, which must then be kept. For all other activations it is computed from
    /// <c>a = f(z)</c>.
    /// </summary>
    public static bool NeedsPreActivation(Activation activation) => activation switch
    {
        Activation.Relu or Activation.LeakyRelu or Activation.Tanh or Activation.Sigmoid or Activation.Identity => false,
        Activation.Gelu or Activation.GeluTanh or Activation.Silu => true,
        _ => throw UnknownMember.Of(activation),
    };

    /// <summary><see cref="IKernels.Activate"/>: the reference implementation.</summary>
    public static void Scalar(Activation activation, ReadOnlySpan<float> preActivations, Span<float> activations)
    {
        if (NeedsPreActivation(activation))
        {
            GatedFunctions.Scalar(activation, preActivations, activations);
        }
        else
        {
            ByTensorPrimitives(activation, preActivations, activations);
        }
    }

    /// <summary>The vector form; lengths are multiples of 16.</summary>
    public static void Vector<TSimd, TVector>(Activation activation, ReadOnlySpan<float> preActivations, Span<float> activations)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        if (NeedsPreActivation(activation))
        {
            GatedFunctions.Vector<TSimd, TVector>(activation, preActivations, activations);
        }
        else
        {
            ByTensorPrimitives(activation, preActivations, activations);
        }
    }

    /// <summary><see cref="IKernels.MultiplyByDerivative"/>: <c>g ← g · f'(z)</c>. The reference implementation.</summary>
    public static void ScalarDerivative(Activation activation, ReadOnlySpan<float> values, Span<float> gradient)
    {
        if (NeedsPreActivation(activation))
        {
            GatedFunctions.ScalarDerivative(activation, values, gradient);
            return;
        }

        for (int i = 0; i < gradient.Length; i++)
        {
            float a = values[i];
            gradient[i] = activation switch
            {
                Activation.Relu => a > 0 ? gradient[i] : 0,
                Activation.LeakyRelu => a > 0 ? gradient[i] : LeakySlope * gradient[i],
                Activation.Tanh => gradient[i] * (1 - a * a),
                Activation.Sigmoid => gradient[i] * (a - a * a),
                Activation.Identity => gradient[i],
                _ => throw UnknownMember.Of(activation),
            };
        }
    }

    /// <summary>The vector form; lengths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void VectorDerivative<TSimd, TVector>(Activation activation, ReadOnlySpan<float> values, Span<float> gradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(gradient.Length % 16 == 0 && values.Length >= gradient.Length, "Rows are padded to multiples of 16.");
        ref float a = ref MemoryMarshal.GetReference(values);
        ref float g = ref MemoryMarshal.GetReference(gradient);
        nint length = gradient.Length;
        switch (activation)
        {
            case Activation.Relu:
                for (nint i = 0; i < length; i += TSimd.Count)
                {
                    TSimd.Store(TSimd.WherePositive(TSimd.Load(ref a, i), TSimd.Load(ref g, i)), ref g, i);
                }

                break;
            case Activation.LeakyRelu:
                for (nint i = 0; i < length; i += TSimd.Count)
                {
                    TVector gi = TSimd.Load(ref g, i);
                    TSimd.Store(TSimd.WherePositive(TSimd.Load(ref a, i), gi, TSimd.Multiply(TSimd.Broadcast(LeakySlope), gi)), ref g, i);
                }

                break;
            case Activation.Tanh:
                for (nint i = 0; i < length; i += TSimd.Count)
                {
                    TVector y = TSimd.Load(ref a, i);
                    TVector slope = TSimd.Subtract(TSimd.Broadcast(1), TSimd.Multiply(y, y));
                    TSimd.Store(TSimd.Multiply(TSimd.Load(ref g, i), slope), ref g, i);
                }

                break;
            case Activation.Sigmoid:
                for (nint i = 0; i < length; i += TSimd.Count)
                {
                    TVector y = TSimd.Load(ref a, i);
                    TVector slope = TSimd.Subtract(y, TSimd.Multiply(y, y));
                    TSimd.Store(TSimd.Multiply(TSimd.Load(ref g, i), slope), ref g, i);
                }

                break;
            case Activation.Identity:
                break;
            case Activation.Gelu or Activation.GeluTanh or Activation.Silu:
                GatedFunctions.VectorDerivative<TSimd, TVector>(activation, values, gradient);
                break;
            default:
                throw UnknownMember.Of(activation);
        }
    }

    /// <summary><see cref="TensorPrimitives"/> has its own implementation for each vector width.</summary>
    private static void ByTensorPrimitives(Activation activation, ReadOnlySpan<float> z, Span<float> a)
    {
        switch (activation)
        {
            case Activation.Relu:
                FloatVectors.MaxZero(z, a);
                break;
            case Activation.LeakyRelu:
                LeakyRelu(z, a);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(z, a);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(z, a);
                break;
            case Activation.Identity when z.Overlaps(a, out int offset) && offset == 0:
                break;
            case Activation.Identity:
                z.CopyTo(a);
                break;
            default:
                throw UnknownMember.Of(activation);
        }
    }

    private static void LeakyRelu(ReadOnlySpan<float> z, Span<float> a)
    {
        const int chunk = 256;
        Span<float> leaked = stackalloc float[chunk];
        for (int first = 0; first < z.Length; first += chunk)
        {
            ReadOnlySpan<float> part = z.Slice(first, Math.Min(chunk, z.Length - first));
            Span<float> leak = leaked[..part.Length];
            TensorPrimitives.Multiply(part, LeakySlope, leak);
            TensorPrimitives.Max(part, leak, a.Slice(first, part.Length));
        }
    }
}
