using System.Globalization;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;
using MnistMlNet.Optimizers.Lbfgs;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>The memory that training needs in addition to the rows, computed before any of it is allocated.</summary>
internal sealed class MemoryNeed
{
    /// <summary>
    /// The longest block of floats; an <see cref="AlignedArray"/> allocates a few more, so that it can start at a multiple of 64 bytes.
    /// </summary>
    public const int MaxFloats = 2_147_000_000;

    private readonly NetworkShape _shape;
    private readonly ResolvedOptions _plan;
    private readonly int _capacity;
    private readonly (string What, long Floats)[] _perRow;

    /// <param name="copiesDense">Whether a batch copies its rows as dense vectors, zeros included.</param>
    public MemoryNeed(NetworkShape shape, ResolvedOptions plan, bool copiesDense)
    {
        _shape = shape;
        _plan = plan;
        _capacity = Math.Min(plan.BatchSize, BatchTrainer.SliceRows);
        long hidden = Batch.RowStride(AlignedArray.Pad(shape.HiddenUnits)), logits = Batch.RowStride(AlignedArray.Pad(shape.OutputCount));
        _perRow =
        [
            ("hidden units", hidden), ("sums", hidden), ("gradients", hidden), ("masks", plan.HiddenDropout > 0 ? hidden : 0),
            ("classes", logits), ("features", copiesDense ? Batch.RowStride(shape.InputCount) : 0),
        ];
    }

    /// <summary>Gets the bytes of the parameters, their copies, and the state of the optimizer.</summary>
    public long NetworkBytes => sizeof(float) * _shape.PaddedParameterCount * BlockCount;

    /// <summary>Gets the bytes of the intermediate results of a batch, or of a slice of one.</summary>
    public long BatchBytes =>
        sizeof(float) * (_capacity * _perRow.Sum(each => each.Floats) + (long)_shape.OutputCount * AlignedArray.Pad(_shape.HiddenUnits));

    private int BlockCount => 1 + (KeepsBest ? 1 : 0) + (SumsSlices ? 1 : 0) + (_plan.Optimizer == Optimizer.Lbfgs
        ? LbfgsMinimizer.CountBlocks(_plan.LbfgsHistorySize)
        : ParameterOptimizer.CountBlocks(_plan));

    private bool KeepsBest => _plan.RestoreBestEpoch || _plan.KeepBestOnCancel;

    private bool SumsSlices =>
        _plan.Optimizer == Optimizer.Lbfgs || _plan.BatchSize > BatchTrainer.SliceRows || float.IsFinite(_plan.GradientClipNorm);

    /// <summary>
    /// The number of rows whose hidden units and outputs fit one array: <paramref name="rowCount"/>, or fewer if the network is large.
    /// </summary>
    public static int FittingRows(NetworkParameters parameters, int rowCount) =>
        Math.Min(rowCount, MaxFloats / Math.Max(
            Batch.RowStride(parameters.HiddenLayout.PaddedOutputCount), Batch.RowStride(parameters.OutputLayout.PaddedOutputCount)));

    /// <summary>Checks that every array of a batch fits the longest array.</summary>
    /// <exception cref="InvalidOperationException">One doesn't.</exception>
    public void Check()
    {
        (string what, long floats) = _perRow.MaxBy(each => each.Floats);
        if (floats * _capacity > MaxFloats)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {what} of a batch of {_capacity} rows take {floats * _capacity} numbers; at most {MaxFloats} fit one array. "
                + $"{Describe()} Lower {Remedy(what)}."));
        }
    }

    /// <summary>Makes the exception for memory that ran out, with the sizes and the options to lower.</summary>
    public InsufficientMemoryException Exceeded(OutOfMemoryException cause) => new(
        $"There isn't enough memory to train. {Describe()} Lower {Remedy(BatchBytes > NetworkBytes ? "batch" : "network")}.", cause);

    private string Remedy(string what) => what switch
    {
        "features" or "classes" => "Options.BatchSize",
        "network" when _plan.Optimizer == Optimizer.Lbfgs => "Options.HiddenUnits or Options.LbfgsHistorySize",
        "network" => "Options.HiddenUnits",
        _ => "Options.HiddenUnits or Options.BatchSize",
    };

    private string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"A network of {_shape.InputCount} features, {_shape.HiddenUnits} hidden units and {_shape.OutputCount} classes "
        + $"takes {MiB(NetworkBytes)} MiB with Optimizer.{_plan.Optimizer}, "
        + $"and its batches of {_plan.BatchSize} take {MiB(BatchBytes)} MiB, in addition to the rows.");

    private static long MiB(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
