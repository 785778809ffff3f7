using MnistMlNet.Data;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>How much work the phases of a batch are, in multiply-adds: an estimate, by which workers are shared out and nothing
/// else.</summary>
internal sealed class PhaseWork(NetworkParameters parameters, PackedRows rows)
{
    /// <summary>One parameter's update by Adam.</summary>
    public const int Update = 6;

    /// <summary>One value's way through an augmentation.</summary>
    private const int Augmented = 16;

    /// <summary>An exponential function, with what belongs to it.</summary>
    private const int Exponential = 16;

    private readonly double _perRow = (rows.IsSparse ? (double)rows.NonZerosPerInput.Sum() / Math.Max(1, rows.RowCount) : rows.InputCount)
        * parameters.Shape.HiddenUnits;

    private readonly long _outputs = (long)parameters.Shape.HiddenUnits * parameters.Shape.OutputCount;

    /// <summary>Gets the update of all parameters.</summary>
    public long UpdateAll { get; } = Update * parameters.Shape.ParameterCount;

    /// <summary>Gets bringing W2 into its other layout.</summary>
    public long Transpose => _outputs;

    /// <summary>Gets the norms of the hidden units.</summary>
    public long Norms { get; } = 2L * parameters.Shape.InputCount * parameters.Shape.HiddenUnits;

    /// <summary>Augmenting rows.</summary>
    public static long Augment(int rowCount, int inputCount) => (long)rowCount * inputCount * Augmented;

    /// <summary>What the inputs add to the hidden units.</summary>
    public long HiddenSums(int rowCount) => (long)(rowCount * _perRow);

    /// <summary>From the hidden units to the losses, and back to the hidden units.</summary>
    public long Rows(int rowCount) =>
        rowCount * (2 * _outputs + Exponential * (parameters.Shape.HiddenUnits / 4 + (long)parameters.Shape.OutputCount));

    /// <summary>The gradients, and the update where it follows at once.</summary>
    public long Gradients(int rowCount, bool areApplied) => HiddenSums(rowCount) + rowCount * _outputs + (areApplied ? UpdateAll : 0);

    /// <summary>From rows to losses, forward only.</summary>
    public long Evaluate(int rowCount) => HiddenSums(rowCount) + Rows(rowCount) / 2;
}
