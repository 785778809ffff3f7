
namespace MnistMlNet.Data;

/// <summary>What was read from a data view.</summary>
/// <param name="Rows">The rows that can be used.</param>
/// <param name="Skipped">The rows that can't.</param>
/// <param name="ClassCounts">The number of usable rows of each class.</param>
/// <param name="LargestMagnitudes">The largest |value| of each input; null where the features are marked as normalized.</param>
internal sealed record TrainingSet(IRowSource Rows, SkippedRows Skipped, long[] ClassCounts, float[]? LargestMagnitudes)
{
    /// <summary>
    /// Gets the place in the data and the sum of magnitudes, infinite where it overflows, of the row where it is largest.
    /// </summary>
    public (long Position, float Magnitude) LargestRow { get; init; }

    /// <summary>Gets the hashes of all rows, where they are streamed and the hashes were asked for.</summary>
    public RowHashes? Hashes { get; init; }

    /// <summary>Gets the sum of the weights of each class's rows; that of their number where they have none.</summary>
    public required double[] ClassWeightSums { get; init; }
}
