using System.Numerics.Tensors;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <summary>Adds up the gradients of the slices of a batch, and then updates the parameters with the sum.</summary>
internal sealed class GradientAccumulator(NetworkParameters parameters) : IGradientSink
{
    private const int NormChunk = 4096;

    private readonly AlignedArray _gradient = new(parameters.Length);

    /// <summary>Gets the sum so far, in the layout of <see cref="NetworkParameters.All"/>.</summary>
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
        // The sum over the chunks is a double, because a float loses digits over millions of values.
        for (int first = 0; first < all.Length; first += NormChunk)
        {
            squares += TensorPrimitives.SumOfSquares<float>(all.Slice(first, Math.Min(NormChunk, all.Length - first)));
        }

        if (!double.IsFinite(squares))
        {
            // The square of a finite float may overflow: sum again in double. If the gradient itself isn't finite, it stays so, and
            // training ends with an error that names it.
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

    /// <summary>Updates part <paramref name="part"/> of <paramref name="partCount"/> parts of all parameters.</summary>
    public void Apply(ParameterOptimizer optimizer, int part, int partCount)
    {
        Apply(optimizer, part, partCount, 0, parameters.HiddenBiasesOffset, areWeights: true);
        Apply(optimizer, part, partCount, parameters.HiddenBiasesOffset, parameters.OutputWeightsOffset, areWeights: false);
        Apply(optimizer, part, partCount, parameters.OutputWeightsOffset, parameters.OutputBiasesOffset, areWeights: true);
        Apply(optimizer, part, partCount, parameters.OutputBiasesOffset, parameters.Length, areWeights: false);
    }

    /// <summary>Updates one range of parameters.</summary>
    public void Apply(ParameterOptimizer optimizer, ParameterRange range) => optimizer.Update(
        range.Offset, parameters.All.Slice(range.Offset, range.Length), _gradient.Slice(range.Offset, range.Length), range.AreWeights);

    private void Apply(ParameterOptimizer optimizer, int part, int partCount, int start, int end, bool areWeights)
    {
        (int first, int last) = Partition.GetRange(part, partCount, (end - start) / AlignedArray.LaneCount);
        int offset = start + first * AlignedArray.LaneCount, length = (last - first) * AlignedArray.LaneCount;
        optimizer.Update(offset, parameters.All.Slice(offset, length), _gradient.Slice(offset, length), areWeights);
    }
}

/// <summary>Updates each range of parameters as soon as its gradient is complete, while the gradient is still in the cache.</summary>
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
