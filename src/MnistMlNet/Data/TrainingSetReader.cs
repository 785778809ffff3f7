using Microsoft.ML;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Reads a data view into packed rows: all rows into memory, or one window after the other in every epoch.</summary>
internal sealed class TrainingSetReader(TrainingColumns columns, IKernels kernels, Action checkCanceled)
{
    /// <summary>Reads all rows into memory, in one pass.</summary>
    /// <param name="isSparse">Whether to keep rows sparse; null to decide by their density.</param>
    public TrainingSet Read(IDataView data, bool? isSparse = null)
    {
        using var reader = new RowReader(columns, data, checkCanceled);
        var builder = new PackedRowsBuilder(columns.InputCount, kernels, isSparse, columns.TargetCount);
        try
        {
            reader.Read(builder, int.MaxValue);
        }
        catch (OutOfMemoryException e)
        {
            throw new InsufficientMemoryException(
                $"There isn't enough memory for the rows of column '{Shown.Text(columns.Features.Name)}': "
                + $"it ran out after {builder.RowCount} rows of {columns.InputCount} features. "
                + "Set Options.CacheRows to false, which keeps a window of the training rows at a time, or give fewer rows.", e);
        }

        return new TrainingSet(builder.Build(reader.IsWeighted ? reader.WeightSum / builder.RowCount : null), reader.Skipped,
            reader.ClassCounts)
        {
            ClassWeightSums = reader.ClassWeightSums,
            LargestRow = reader.LargestRow,
            Targets = reader.Targets,
        };
    }

    /// <summary>
    /// Reads all rows once, to count and check them, and keeps only the first window. Each epoch later reads the data view again.
    /// </summary>
    /// <param name="chooseBatchSize">Gets the batch size from the number of rows. A window has a multiple of the batch size.</param>
    /// <param name="seed">The seed of the row order, if the data view supports shuffling; null to keep the order.</param>
    /// <param name="hashRows">Whether to hash all rows in the first pass.</param>
    /// <param name="takeStatistics">Whether to compute statistics of the features in the first pass.</param>
    /// <param name="isSparse">Whether to keep rows sparse; null to decide by their density.</param>
    public TrainingSet Stream(IDataView data, Func<long, int> chooseBatchSize, int? seed, bool hashRows, bool takeStatistics,
        bool? isSparse = null)
    {
        int windowRows = StreamedRows.WindowRows(columns.InputCount);
        using RowHashes.Builder? hashes = hashRows ? new RowHashes.Builder() : null;
        using var reader = new RowReader(columns, data, checkCanceled)
        {
            Hashes = hashes,
            Statistics = takeStatistics ? new FeatureStatistics(columns.InputCount) : null,
        };
        var builder = new PackedRowsBuilder(columns.InputCount, kernels, isSparse, columns.TargetCount);
        long rowCount = reader.Read(builder, windowRows);
        for (int read = (int)rowCount; read == windowRows; rowCount += read)
        {
            read = reader.Read(null, windowRows);
        }

        double? meanWeight = reader.IsWeighted ? reader.WeightSum / rowCount : null;
        PackedRows sample = builder.Build(meanWeight);
        int batchSize = Math.Max(1, chooseBatchSize(rowCount));
        var source = new StreamedRows(
            sample, rowCount, StreamedRows.WindowOf(windowRows, batchSize), meanWeight, kernels,
            epoch => new RowReader(columns, data, checkCanceled, seed is null ? null : new Random(unchecked(seed.Value + epoch))));
        return new TrainingSet(source, reader.Skipped, reader.ClassCounts)
        {
            Hashes = hashes?.Build(),
            ClassWeightSums = reader.ClassWeightSums,
            LargestRow = reader.LargestRow,
            Targets = reader.Targets,
            Statistics = reader.Statistics,
        };
    }
}

/// <summary>The rows of a data view, with statistics.</summary>
/// <param name="Rows">The valid rows.</param>
/// <param name="Skipped">The numbers of skipped rows.</param>
/// <param name="ClassCounts">The number of valid rows of each class.</param>
internal sealed record TrainingSet(IRowSource Rows, SkippedRows Skipped, long[] ClassCounts)
{
    /// <summary>Gets the statistics of the features over all rows, where these are streamed and the statistics were asked for.</summary>
    public FeatureStatistics? Statistics { get; init; }

    /// <summary>
    /// Gets the position in the data and Σ|x| of the row with the largest Σ|x|; the sum is infinite where it overflows.
    /// </summary>
    public (long Position, float Magnitude) LargestRow { get; init; }

    /// <summary>Gets the statistics of the targets over all rows, where they are numbers.</summary>
    public TargetStatistics? Targets { get; init; }

    /// <summary>Gets the hashes of all rows, if the rows are streamed and hashes were requested; otherwise null.</summary>
    public RowHashes? Hashes { get; init; }

    /// <summary>Gets the sum of the weights of each class's rows; without a weight column, the number of rows.</summary>
    public required double[] ClassWeightSums { get; init; }
}
