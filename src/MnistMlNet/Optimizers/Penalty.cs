using System.Numerics.Tensors;

namespace MnistMlNet.Optimizers;

/// <summary>What regularization adds to gradients or takes from weights; biases are left alone.</summary>
internal static class Penalty
{
    private const int Chunk = 256;

    /// <summary>Adds <c>l2 · w + l1 · sign(w)</c> to the gradient, with sign(0) = 0: the slope of <c>l2/2 · w² + l1 · |w|</c>.</summary>
    public static void AddGradient(ReadOnlySpan<float> weights, Span<float> gradient, float l2, float l1)
    {
        if (l2 != 0)
        {
            TensorPrimitives.MultiplyAdd(weights, l2, gradient, gradient);
        }

        if (l1 != 0)
        {
            for (int i = 0; i < weights.Length; i++)
            {
                gradient[i] += weights[i] > 0 ? l1 : weights[i] < 0 ? -l1 : 0;
            }
        }
    }

    /// <summary>Moves weights towards 0 by <paramref name="distance"/>, and no further than 0 (soft thresholding).</summary>
    public static void SoftThreshold(Span<float> weights, float distance)
    {
        Span<float> moves = stackalloc float[Chunk];
        for (int first = 0; first < weights.Length; first += Chunk)
        {
            Span<float> part = weights.Slice(first, Math.Min(Chunk, weights.Length - first)), move = moves[..part.Length];
            TensorPrimitives.Clamp(part, -distance, distance, move);
            TensorPrimitives.Subtract(part, move, part);
        }
    }
}
