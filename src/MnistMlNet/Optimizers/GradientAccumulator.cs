using System.Numerics.Tensors;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <summary>Sums the gradient over the slices of a batch that is too large for one workspace, and then applies it.</summary>
internal sealed class GradientAccumulator(NetworkParameters parameters) : IGradientSink
{
    private const int NormChunk = 4096;

    private readonly AlignedArray _gradient = new(parameters.Length);

    /// <summary>Gets the gradient so far, laid out as <see cref="NetworkParameters.All"/>.</summary>
    public Span<float> All => _gradient.Span;

    public Span<float> Begin(int offset, int length, Span<float> scratch) => _gradient.Slice(offset, length);

    public void End(int offset, Span<float> gradient, bool areWeights)
    {
    }

    public void Clear() => _gradient.Span.Clear();

    /// <summary>Scales the whole gradient down to a norm of at most <paramref name="limit"/> (Pascanu, Mikolov, Bengio 2013).</summary>
    public void Clip(float limit)
    {
        double squares = 0;
        Span<float> all = _gradient.Span;
        // in double over the pieces: millions of floats would lose digits
        for (int first = 0; first < all.Length; first += NormChunk)
        {
            squares += TensorPrimitives.SumOfSquares<float>(all.Slice(first, Math.Min(NormChunk, all.Length - first)));
        }

        if (!double.IsFinite(squares))
        {
            // A square of a float may overflow where the float itself doesn't; a gradient that isn't finite stays so, and training ends by
            // name.
            squares = 0;
            foreach (float g in all)
            {
                squares += (double)g * g;
            }
        }

        double norm = Math.Sqrt(squares);
        if (norm > limit && double.IsFinite(norm))
        {
            TensorPrimitives.Multiply(all, (float)(limit / norm), all);
        }
    }

    /// <summary>Updates one part of all parameters.</summary>
    public void Apply(ParameterOptimizer optimizer, int part, int partCount)
    {
        Apply(optimizer, part, partCount, 0, parameters.HiddenBiasesOffset, areWeights: true);
        Apply(optimizer, part, partCount, parameters.HiddenBiasesOffset, parameters.OutputWeightsOffset, areWeights: false);
        Apply(optimizer, part, partCount, parameters.OutputWeightsOffset, parameters.OutputBiasesOffset, areWeights: true);
        Apply(optimizer, part, partCount, parameters.OutputBiasesOffset, parameters.Length, areWeights: false);
    }

    private void Apply(ParameterOptimizer optimizer, int part, int partCount, int start, int end, bool areWeights)
    {
        (int first, int last) = Partition.GetRange(part, partCount, (end - start) / AlignedArray.LaneCount);
        int offset = start + first * AlignedArray.LaneCount, length = (last - first) * AlignedArray.LaneCount;
        optimizer.Update(offset, parameters.All.Slice(offset, length), _gradient.Slice(offset, length), areWeights);
    }
}

/// <summary>Makes each piece of gradient an update at once; the piece is still near the core then.</summary>
internal sealed class GradientApplier(NetworkParameters parameters, ParameterOptimizer optimizer) : IGradientSink
{
    public Span<float> Begin(int offset, int length, Span<float> scratch)
    {
        Span<float> gradient = scratch[..length];
        gradient.Clear();
        return gradient;
    }

    public void End(int offset, Span<float> gradient, bool areWeights) =>
        optimizer.Update(offset, parameters.All.Slice(offset, gradient.Length), gradient, areWeights);
}
