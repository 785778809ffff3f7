using Microsoft.ML;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>IDataView → packed rows: all of them into memory, or a window at a time in every epoch.</summary>
internal sealed class TrainingSetReader(TrainingColumns columns, IKernels kernels, Action checkCanceled)
{
    /// <summary>Reads all rows into memory, in one pass.</summary>
    public TrainingSet Read(IDataView data)
    {
        using var reader = new RowReader(columns, data, checkCanceled);
        var builder = new PackedRowsBuilder(columns.InputCount, kernels);
        try
        {
            reader.Read(builder, int.MaxValue);
        }
        catch (OutOfMemoryException e)
        {
            throw new InsufficientMemoryException(
                $"There isn't memory enough for the rows of column '{Shown.Text(columns.Features.Name)}': "
                + $"it ran out after {builder.RowCount} rows of {columns.InputCount} features. "
                + "Set Options.CacheRows to false, which keeps a window of the training rows at a time, or give fewer rows.", e);
        }

        return new TrainingSet(builder.Build(reader.IsWeighted ? reader.WeightSum / builder.RowCount : null), reader.Skipped,
            reader.ClassCounts)
        {
            ClassWeightSums = reader.ClassWeightSums,
            LargestRow = reader.LargestRow,
        };
    }

    /// <summary>Passes over all rows once to count and check them, keeping the first window only; later passes are the epochs'.</summary>
    /// <param name="chooseBatchSize">The batch size by the number of rows: a window holds a whole number of batches.</param>
    /// <param name="seed">Of the order of rows, where the data view can shuffle; null to leave it.</param>
    /// <param name="hashRows">Whether to hash all rows in that pass.</param>
    /// <param name="takeStatistics">Whether to take statistics of the features in that pass.</param>
    public TrainingSet Stream(IDataView data, Func<long, int> chooseBatchSize, int? seed, bool hashRows, bool takeStatistics)
    {
        int windowRows = StreamedRows.WindowRows(columns.InputCount);
        using RowHashes.Builder? hashes = hashRows ? new RowHashes.Builder() : null;
        using var reader = new RowReader(columns, data, checkCanceled)
        {
            Hashes = hashes,
            Statistics = takeStatistics ? new FeatureStatistics(columns.InputCount) : null,
        };
        var builder = new PackedRowsBuilder(columns.InputCount, kernels);
        long rowCount = reader.Read(builder, windowRows);
        for (int read = (int)rowCount; read == windowRows; rowCount += read)
        {
            read = reader.Read(null, windowRows);
        }

        double? meanWeight = reader.IsWeighted ? reader.WeightSum / rowCount : null;
        PackedRows sample = builder.Build(meanWeight);
        int batchSize = Math.Max(1, chooseBatchSize(rowCount));
        var source = new StreamedRows(
            sample, rowCount, Math.Max(batchSize, windowRows / batchSize * batchSize), meanWeight, kernels,
            epoch => new RowReader(columns, data, checkCanceled, seed is null ? null : new Random(unchecked(seed.Value + epoch))));
        return new TrainingSet(source, reader.Skipped, reader.ClassCounts)
        {
            Hashes = hashes?.Build(),
            ClassWeightSums = reader.ClassWeightSums,
            LargestRow = reader.LargestRow,
            Statistics = reader.Statistics,
        };
    }
}

/// <summary>What was read from a data view.</summary>
/// <param name="Rows">The rows that can be used.</param>
/// <param name="Skipped">The rows that can't.</param>
/// <param name="ClassCounts">The number of usable rows of each class.</param>
internal sealed record TrainingSet(IRowSource Rows, SkippedRows Skipped, long[] ClassCounts)
{
    /// <summary>Gets the statistics of the features over all rows, where these are streamed and the statistics were asked for.</summary>
    public FeatureStatistics? Statistics { get; init; }

    /// <summary>
    /// Gets the place in the data and the sum of magnitudes, infinite where it overflows, of the row where it is largest.
    /// </summary>
    public (long Position, float Magnitude) LargestRow { get; init; }

    /// <summary>Gets the hashes of all rows, where they are streamed and the hashes were asked for.</summary>
    public RowHashes? Hashes { get; init; }

    /// <summary>Gets the sum of the weights of each class's rows; that of their number where they have none.</summary>
    public required double[] ClassWeightSums { get; init; }
}
