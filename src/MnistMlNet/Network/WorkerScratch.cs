using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>One worker's own memory while a batch goes through.</summary>
internal sealed class WorkerScratch(int inputCount)
{
    /// <summary>Inputs whose weights' gradient is held at once: 400 × 32 floats are 50 KB, 400 × 64 are 100, which the second-level cache feeds fast enough; fewer would begin every row of a batch more often.</summary>
    public const int InputsAtOnce = 400;

    private int[] _indices = [];

    /// <summary>Gets room for the gradient of <see cref="InputsAtOnce"/> rows of a panel.</summary>
    public AlignedArray Gradient { get; } = new(InputsAtOnce * PanelLayout.PanelWidth);

    /// <summary>Gets the entries of some inputs only.</summary>
    public RowRanges Ranges { get; } = new();

    /// <summary>Gets the entries of a batch regrouped by input.</summary>
    public InputGroups Groups { get; } = new();

    /// <summary>Gets entries that were changed for one batch.</summary>
    public SparseEntries Copies { get; } = new(inputCount);

    /// <summary>The inputs of a row's entries in 4 bytes each, until the next call.</summary>
    public ReadOnlySpan<int> WideIndices(SparseRow row)
    {
        if (_indices.Length < row.Count)
        {
            _indices = new int[Math.Max(row.Count, 2 * _indices.Length)];
        }

        row.CopyIndices(_indices);
        return _indices.AsSpan(0, row.Count);
    }
}
