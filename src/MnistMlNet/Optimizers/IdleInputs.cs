using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <summary>Leaves the update of weights until they are needed, where few inputs have values in a batch.</summary>
/// <remarks>
/// An input is idle in a step if no row of the batch has a value for it. Its weights' gradient is 0 then, but moments and decay still
/// change them. These steps are applied together, before the input's weights are next used or when all parameters are needed
/// (<see cref="Complete"/>). The result doesn't depend on when that is. So the time of a step depends on the entries of its batch, not
/// on the number of inputs.
/// </remarks>
internal sealed class IdleInputs
{
    /// <summary>The steps of an input that no row has used so far. It has no moments, and its weights only decay.</summary>
    private const int NeverUsed = -1;

    /// <summary>The number of inputs ahead whose weights and moments are prefetched: they are anywhere in memory.</summary>
    private const int PrefetchDistance = 8;

    private readonly NetworkParameters _parameters;
    private readonly ParameterOptimizer _optimizer;
    private readonly IdleSteps _recorded;
    private readonly PanelRange _panels;

    /// <summary>The number of recorded steps that each input's weights have had; or <see cref="NeverUsed"/>.</summary>
    private readonly int[] _steps;

    /// <param name="batch">The inputs of the present batch.</param>
    /// <param name="optimizer">It records its steps.</param>
    /// <param name="panels">The panels of hidden units whose weights are updated: all, or those of this rank.</param>
    public IdleInputs(NetworkParameters parameters, BatchInputs batch, ParameterOptimizer optimizer, PanelRange panels)
    {
        _panels = panels;
        _parameters = parameters;
        _optimizer = optimizer;
        _recorded = optimizer.Idle!;
        Batch = batch;
        _steps = new int[parameters.Shape.InputCount];
        _steps.AsSpan().Fill(NeverUsed);
    }

    /// <summary>Gets the inputs of the present batch.</summary>
    public BatchInputs Batch { get; }

    /// <summary>Applies the steps before the present one to inputs <paramref name="first"/> … <paramref name="end"/> - 1 of the batch.
    /// </summary>
    /// <remarks>The caller then updates these inputs by the present step.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CatchUp(int first, int end)
    {
        int present = _recorded.Count;
        ReadOnlySpan<int> inputs = Batch.Inputs;
        for (int n = first; n < end; n++)
        {
            if (n + PrefetchDistance < end)
            {
                Prefetch(inputs[n + PrefetchDistance]);
            }

            Update(inputs[n], present - 1);
            _steps[inputs[n]] = present;
        }
    }

    /// <summary>Updates the weights of the batch's inputs by the present step.</summary>
    /// <param name="offset">The first parameter of the range in the layout of <see cref="BatchInputs.Layout"/>.</param>
    /// <param name="gradient">The gradient of several inputs' weights in one panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update(int offset, Span<float> gradient)
    {
        PanelLayout compact = Batch.Layout, layout = _parameters.HiddenLayout;
        int panel = offset / (compact.InputCount * PanelLayout.PanelWidth), width = compact.Width(panel);
        ReadOnlySpan<int> inputs = Batch.Inputs[((offset - compact.Offset(panel)) / width)..];
        for (int n = 0; n * width < gradient.Length; n++)
        {
            int place = layout.Offset(panel) + inputs[n] * width;
            _optimizer.Update(place, _parameters.All.Slice(place, width), gradient.Slice(n * width, width), areWeights: true);
        }
    }

    /// <summary>Applies all steps to all of inputs <paramref name="first"/> … <paramref name="end"/> - 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Complete(int first, int end)
    {
        for (int i = first; i < end; i++)
        {
            Update(i, _recorded.Count);
        }
    }

    /// <summary>Forgets the steps, after <see cref="Complete"/> for all inputs.</summary>
    public void Completed()
    {
        _recorded.Clear();
        foreach (ref int steps in _steps.AsSpan())
        {
            steps = Math.Min(steps, 0);
        }
    }

    /// <summary>Takes over parameters and optimizer state that other code has set between epochs.</summary>
    public void Restored()
    {
        _recorded.Clear();
        PanelLayout layout = _parameters.HiddenLayout;
        for (int i = 0; i < _steps.Length; i++)
        {
            _steps[i] = NeverUsed;
            for (int p = 0; p < layout.PanelCount; p++)
            {
                foreach (AlignedArray block in _optimizer.State)
                {
                    if (block.Slice(layout.Offset(p) + i * layout.Width(p), layout.Width(p)).ContainsAnyExcept(0f))
                    {
                        _steps[i] = 0;
                    }
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update(int input, int end)
    {
        PanelLayout layout = _parameters.HiddenLayout;
        int first = _steps[input];
        if (first == NeverUsed)
        {
            if (_recorded.HasDecay)
            {
                Decay(input, end);
            }

            return;
        }

        while (first < end)
        {
            int endOfEpoch = _recorded.EndOfEpoch(first, end);
            for (int p = _panels.First; p < _panels.End; p++)
            {
                int offset = layout.Offset(p) + input * layout.Width(p);
                _optimizer.UpdateIdle(offset, _parameters.All.Slice(offset, layout.Width(p)), first, endOfEpoch);
            }

            first = endOfEpoch;
        }
    }

    /// <summary>Applies the decay of the steps before <paramref name="end"/> to the weights of an input that was never used, epoch by
    /// epoch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Decay(int input, int end)
    {
        ReadOnlySpan<float> decays = _recorded.EpochDecays(end, out int rest);
        float last = rest < end ? _recorded.Decay(rest, end) : 1;
        PanelLayout layout = _parameters.HiddenLayout;
        for (int p = _panels.First; p < _panels.End; p++)
        {
            Span<Vector<float>> weights = MemoryMarshal.Cast<float, Vector<float>>(
                _parameters.All.Slice(layout.Offset(p) + input * layout.Width(p), layout.Width(p)));
            foreach (ref Vector<float> weight in weights)
            {
                Vector<float> decayed = weight;
                foreach (float decay in decays)
                {
                    decayed *= decay;
                }

                weight = decayed * last;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Prefetch(int input)
    {
        CacheLine.Prefetch<int>(_steps.AsSpan(input, 1));
        PanelLayout layout = _parameters.HiddenLayout;
        for (int p = _panels.First; p < _panels.End; p++)
        {
            int offset = layout.Offset(p) + input * layout.Width(p);
            CacheLine.Prefetch<float>(_parameters.All.Slice(offset, layout.Width(p)));
            foreach (AlignedArray block in _optimizer.State)
            {
                CacheLine.Prefetch<float>(block.Slice(offset, layout.Width(p)));
            }
        }
    }
}
