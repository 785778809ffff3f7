using System.Diagnostics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Primitives;

namespace MnistMlNet.Kernels;

/// <summary>
/// The functions of the hidden units and their derivatives, side by side: what an activation is stands here and nowhere else.
/// </summary>
internal static class ActivationFunctions
{
    /// <summary>The slope of <see cref="Activation.LeakyRelu"/> below 0.</summary>
    public const float LeakySlope = 0.01f;

    /// <summary>Replaces z by <c>a = f(z)</c>. <see cref="TensorPrimitives"/> has its own forms for each vector width.</summary>
    public static void Apply(Activation activation, Span<float> values)
    {
        switch (activation)
        {
            case Activation.Relu:
                TensorPrimitives.Max(values, 0f, values);
                break;
            case Activation.LeakyRelu:
                LeakyRelu(values);
                break;
            case Activation.Tanh:
                TensorPrimitives.Tanh(values, values);
                break;
            case Activation.Sigmoid:
                TensorPrimitives.Sigmoid(values, values);
                break;
            case Activation.Identity:
                break;
            default:
                throw UnknownMember.Of(activation);
        }
    }

    /// <summary>
    /// <see cref="IKernels.MultiplyByDerivative"/>: <c>g ← g · f'(z)</c>, written in <c>a = f(z)</c> so that z need not be kept. The
    /// specification.
    /// </summary>
    public static void ScalarDerivative(Activation activation, ReadOnlySpan<float> activations, Span<float> gradient)
    {
        for (int i = 0; i < gradient.Length; i++)
        {
            float a = activations[i];
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

    /// <summary>The same in vectors; lengths are multiples of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void VectorDerivative<TSimd, TVector>(Activation activation, ReadOnlySpan<float> activations, Span<float> gradient)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(gradient.Length % 16 == 0 && activations.Length >= gradient.Length, "Rows are padded to multiples of 16.");
        ref float a = ref MemoryMarshal.GetReference(activations);
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
            default:
                throw UnknownMember.Of(activation);
        }
    }

    private static void LeakyRelu(Span<float> values)
    {
        const int chunk = 256;
        Span<float> leaked = stackalloc float[chunk];
        for (int first = 0; first < values.Length; first += chunk)
        {
            Span<float> part = values.Slice(first, Math.Min(chunk, values.Length - first)), leak = leaked[..part.Length];
            TensorPrimitives.Multiply(part, LeakySlope, leak);
            TensorPrimitives.Max(part, leak, part);
        }
    }
}
