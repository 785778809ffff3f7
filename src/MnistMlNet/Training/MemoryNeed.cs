using System.Globalization;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>The memory that training takes beside the rows, worked out before any of it is allocated.</summary>
internal sealed class MemoryNeed
{
    /// <summary>The longest block of floats; an <see cref="AlignedArray"/> takes a few more to begin at a multiple of 64 bytes.</summary>
    public const int MostFloats = 2_147_000_000;

    private readonly NetworkShape _shape;
    private readonly ResolvedOptions _plan;
    private readonly int _capacity;
    private readonly (string What, long Floats)[] _perRow;

    /// <param name="isDense">Whether a batch holds its rows with all their zeros.</param>
    public MemoryNeed(NetworkShape shape, ResolvedOptions plan, bool isDense)
    {
        _shape = shape;
        _plan = plan;
        _capacity = Math.Min(plan.BatchSize, BatchTrainer.SliceRows);
        long hidden = Batch.RowStride(AlignedArray.Pad(shape.HiddenUnits)), logits = Batch.RowStride(AlignedArray.Pad(shape.OutputCount));
        _perRow =
        [
            ("hidden units", hidden), ("sums", hidden), ("gradients", hidden), ("masks", plan.HiddenDropout > 0 ? hidden : 0),
            ("classes", logits), ("features", isDense ? Batch.RowStride(shape.InputCount) : 0),
        ];
    }

    /// <summary>Gets the bytes of the parameters and of what is kept for each of them.</summary>
    public long NetworkBytes => sizeof(float) * _shape.PaddedParameterCount * BlocksOfParameters;

    /// <summary>Gets the bytes of what a batch, or a slice of one, leaves between its forward and its backward pass.</summary>
    public long BatchBytes =>
        sizeof(float) * (_capacity * _perRow.Sum(each => each.Floats) + (long)_shape.OutputCount * AlignedArray.Pad(_shape.HiddenUnits));

    private int BlocksOfParameters => 1 + (KeepsBest ? 1 : 0) + (SumsSlices ? 1 : 0) + _plan.Optimizer switch
    {
        Optimizer.Lbfgs => 4 + 2 * _plan.LbfgsHistorySize,                         // direction, origin and two gradients; steps and changes
        Optimizer.GradientDescent => _plan.Momentum == 0 ? 0 : 1,
        Optimizer.RmsProp or Optimizer.Adam => 2,                                  // RMSProp takes one; an estimate from above
        _ => throw UnknownMember.Of(_plan.Optimizer),
    };

    private bool KeepsBest => _plan.RestoreBestEpoch || _plan.KeepBestOnCancel;

    private bool SumsSlices =>
        _plan.Optimizer == Optimizer.Lbfgs || _plan.BatchSize > BatchTrainer.SliceRows || float.IsFinite(_plan.GradientClipNorm);

    /// <summary>The rows that one block has room for: as many as are wanted, unless the network is very large.</summary>
    public static int FittingRows(NetworkParameters parameters, int inputCount, int wanted) =>
        Math.Min(wanted, MostFloats / Math.Max(
            Batch.RowStride(inputCount),
            Math.Max(
                Batch.RowStride(parameters.HiddenLayout.PaddedOutputCount), Batch.RowStride(parameters.OutputLayout.PaddedOutputCount))));

    /// <exception cref="InvalidOperationException">A batch doesn't fit the longest array.</exception>
    public void Check()
    {
        (string what, long floats) = _perRow.MaxBy(each => each.Floats);
        if (floats * _capacity > MostFloats)
        {
            throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {what} of a batch of {_capacity} rows take {floats * _capacity} numbers; at most {MostFloats} fit one array. "
                + $"{Describe()} Lower {Remedy(what)}."));
        }
    }

    /// <summary>What to say where memory ran out.</summary>
    public InsufficientMemoryException Exceeded(OutOfMemoryException cause) => new(
        $"There isn't memory enough to train. {Describe()} Lower {Remedy(BatchBytes > NetworkBytes ? "batch" : "network")}.", cause);

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
        + $"and its batches of {_plan.BatchSize} take {MiB(BatchBytes)} MiB, beside the rows.");

    private static long MiB(long bytes) => (bytes + (1 << 20) - 1) >> 20;
}
