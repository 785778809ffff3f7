namespace MnistMlNet.Network;

/// <summary>One worker's own memory in the backward pass.</summary>
internal sealed class WorkerScratch
{
    /// <summary>Rows of weights whose gradient is held at once: 400 × 32 floats are 50 KB, which the second-level cache feeds fast enough; fewer would begin every row of a batch more often.</summary>
    public const int RowsAtOnce = 400;

    /// <summary>Gets room for the gradient of <see cref="RowsAtOnce"/> rows of a panel.</summary>
    public AlignedArray Gradient { get; } = new(RowsAtOnce * PanelLayout.PanelWidth);

    /// <summary>Gets where this worker's share of the inputs stands in the rows of a batch.</summary>
    public RowRanges Ranges { get; } = new();

    /// <summary>Gets the entries of a batch regrouped by input.</summary>
    public InputGroups Groups { get; } = new();
}
