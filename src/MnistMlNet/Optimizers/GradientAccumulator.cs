using System.Numerics.Tensors;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <summary>Adds up the gradients of the slices of a batch, and then updates the parameters with the sum.</summary>
/// <param name="idle">Leaves updates until they are needed; the gradient of W1 then has rows for the batch's inputs only. Null for none.
/// </param>
internal sealed class GradientAccumulator(NetworkParameters parameters, IdleInputs? idle = null) : IGradientSink
{
    private const int NormChunk = 4096;

    /// <summary>The parameters from here on are in <see cref="_gradient"/>, those before in <see cref="_hidden"/>.</summary>
    private readonly int _first = idle is null ? 0 : parameters.HiddenBiasesOffset;
    private readonly AlignedArray _gradient = new(parameters.Length - (idle is null ? 0 : parameters.HiddenBiasesOffset));
    private AlignedArray _hidden = new(0);

    /// <summary>Gets the sum so far, in the layout of <see cref="NetworkParameters.All"/>; not where inputs are idle.</summary>
    public Span<float> All => _gradient.Span;

    private Span<float> Hidden => idle is null ? default : _hidden.Slice(0, idle.Batch.Layout.Length);

    public Span<float> Begin(int offset, int length, Span<float> scratch) =>
        offset < _first ? _hidden.Slice(offset, length) : _gradient.Slice(offset - _first, length);

    public void End(int offset, Span<float> gradient, bool areWeights)
    {
    }

    public void Clear()
    {
        if (idle?.Batch.Layout.Length > _hidden.Length)
        {
            _hidden = new AlignedArray(Math.Max(idle.Batch.Layout.Length, 2 * _hidden.Length));
        }

        Hidden.Clear();
        _gradient.Span.Clear();
    }

    /// <summary>Scales the whole gradient down to a norm of at most <paramref name="limit"/> (Pascanu, Mikolov, Bengio 2013).</summary>
    public void Clip(float limit)
    {
        double norm = Math.Sqrt(SumOfSquares(Hidden) + SumOfSquares(_gradient.Span));
        if (norm > limit && double.IsFinite(norm))
        {
            TensorPrimitives.Multiply(Hidden, (float)(limit / norm), Hidden);
            TensorPrimitives.Multiply(_gradient.Span, (float)(limit / norm), _gradient.Span);
        }
    }

    /// <summary>Updates part <paramref name="part"/> of <paramref name="partCount"/> parts of all parameters.</summary>
    public void Apply(ParameterOptimizer optimizer, int part, int partCount)
    {
        if (idle is null)
        {
            Apply(optimizer, part, partCount, 0, parameters.HiddenBiasesOffset, areWeights: true);
        }
        else
        {
            ApplyHidden(part, partCount);
        }

        Apply(optimizer, part, partCount, parameters.HiddenBiasesOffset, parameters.OutputWeightsOffset, areWeights: false);
        Apply(optimizer, part, partCount, parameters.OutputWeightsOffset, parameters.OutputBiasesOffset, areWeights: true);
        Apply(optimizer, part, partCount, parameters.OutputBiasesOffset, parameters.Length, areWeights: false);
    }

    /// <summary>Updates one range of parameters; where it is of W1, whole panels of it.</summary>
    public void Apply(ParameterOptimizer optimizer, ParameterRange range)
    {
        Span<float> gradient = Slice(range);
        if (range.Offset >= _first)
        {
            optimizer.Update(range.Offset, parameters.All.Slice(range.Offset, range.Length), gradient, range.AreWeights);
            return;
        }

        PanelLayout layout = idle!.Batch.Layout;
        int inputs = parameters.Shape.InputCount, firstUnit = range.Offset / inputs, endUnit = firstUnit + range.Length / inputs;
        for (int p = firstUnit / PanelLayout.PanelWidth; PanelLayout.FirstOutput(p) < endUnit && !gradient.IsEmpty; p++)
        {
            int length = layout.Width(p) * layout.InputCount;
            idle.Update(layout.Offset(p), gradient[..length]);
            gradient = gradient[length..];
        }
    }

    /// <summary>Gets the sum so far of one range of parameters. Where inputs are idle, that of W1 has rows for the batch's inputs only.
    /// </summary>
    public Span<float> Slice(ParameterRange range)
    {
        if (range.Offset >= _first)
        {
            return _gradient.Slice(range.Offset - _first, range.Length);
        }

        int inputs = parameters.Shape.InputCount, count = idle!.Batch.Count;
        return _hidden.Slice(range.Offset / inputs * count, range.Length / inputs * count);
    }

    private static double SumOfSquares(ReadOnlySpan<float> values)
    {
        double squares = 0;
        // The sum over the chunks is a double, because a float loses digits over millions of values.
        for (int first = 0; first < values.Length; first += NormChunk)
        {
            squares += TensorPrimitives.SumOfSquares<float>(values.Slice(first, Math.Min(NormChunk, values.Length - first)));
        }

        if (!double.IsFinite(squares))
        {
            // The square of a finite float may overflow: sum again in double. If the gradient itself isn't finite, it stays so, and
            // training ends with an error that names it.
            squares = 0;
            foreach (float g in values)
            {
                squares += (double)g * g;
            }
        }

        return squares;
    }

    private void ApplyHidden(int part, int partCount)
    {
        PanelLayout layout = idle!.Batch.Layout;
        (int first, int end) = Partition.GetRange(part, partCount, layout.InputCount);
        for (int p = 0; p < layout.PanelCount && first < end; p++)
        {
            int offset = layout.Offset(p) + first * layout.Width(p);
            idle.Update(offset, _hidden.Slice(offset, (end - first) * layout.Width(p)));
        }
    }

    private void Apply(ParameterOptimizer optimizer, int part, int partCount, int start, int end, bool areWeights)
    {
        (int first, int last) = Partition.GetRange(part, partCount, (end - start) / AlignedArray.LaneCount);
        int offset = start + first * AlignedArray.LaneCount, length = (last - first) * AlignedArray.LaneCount;
        optimizer.Update(offset, parameters.All.Slice(offset, length), _gradient.Slice(offset - _first, length), areWeights);
    }
}

/// <summary>Updates each range of parameters as soon as its gradient is complete, while the gradient is still in the cache.</summary>
/// <param name="idle">Leaves updates until they are needed; null for none.</param>
internal sealed class GradientApplier(NetworkParameters parameters, ParameterOptimizer optimizer, IdleInputs? idle = null) : IGradientSink
{
    public Span<float> Begin(int offset, int length, Span<float> scratch)
    {
        Span<float> gradient = scratch[..length];
        gradient.Clear();
        return gradient;
    }

    public void End(int offset, Span<float> gradient, bool areWeights)
    {
        if (idle is not null && offset < parameters.HiddenBiasesOffset)
        {
            idle.Update(offset, gradient);
            return;
        }

        optimizer.Update(offset, parameters.All.Slice(offset, gradient.Length), gradient, areWeights);
    }
}
