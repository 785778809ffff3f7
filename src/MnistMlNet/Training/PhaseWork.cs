using MnistMlNet.Data;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>Estimates the work of each phase of a batch, in multiply-adds. The estimates only decide how many workers run a phase and
/// which inputs each of them gets.</summary>
internal sealed class PhaseWork(NetworkParameters parameters, PackedRows rows)
{
    /// <summary>The update of one parameter by Adam.</summary>
    public const int Update = 6;

    /// <summary>The augmentation of one value.</summary>
    private const int Augmented = 16;

    /// <summary>One exponential function and the operations around it.</summary>
    private const int Exponential = 16;

    private readonly double _perRow = (rows.IsSparse ? (double)rows.NonZerosPerInput.Sum() / Math.Max(1, rows.RowCount) : rows.InputCount)
        * parameters.Shape.HiddenUnits;

    private readonly long _outputs = (long)parameters.Shape.HiddenUnits * parameters.Shape.OutputCount;

    /// <summary>Gets or sets the number of inputs whose weights a step updates.</summary>
    public int UpdatedInputs { get; set; } = parameters.Shape.InputCount;

    /// <summary>Gets the work of the update of the parameters.</summary>
    public long UpdateAll => Update
        * (parameters.Shape.ParameterCount - (long)(parameters.Shape.InputCount - UpdatedInputs) * parameters.Shape.HiddenUnits);

    /// <summary>Gets the work of the transposition of W2.</summary>
    public long Transpose => _outputs;

    /// <summary>Gets the work of limiting the norms of the hidden units.</summary>
    public long Norms { get; } = 2L * parameters.Shape.InputCount * parameters.Shape.HiddenUnits;

    /// <summary>The work of augmenting rows.</summary>
    public static long Augment(int rowCount, int inputCount) => (long)rowCount * inputCount * Augmented;

    /// <summary>The work of the pre-activations of the hidden units.</summary>
    public long HiddenSums(int rowCount) => (long)(rowCount * _perRow);

    /// <summary>The work of the output layer's sums, forward or backward.</summary>
    public long Logits(int rowCount) => rowCount * _outputs;

    /// <summary>The work from logits to losses.</summary>
    public long Losses(int rowCount) => (long)rowCount * Exponential * parameters.Shape.OutputCount;

    /// <summary>The work of putting rows into a batch: copies of dense rows, or references.</summary>
    public long Gather(int rowCount, bool copiesRows) => (long)rowCount * (copiesRows && !rows.IsSparse ? rows.InputCount : Exponential);

    /// <summary>The work from the hidden units to the losses, and back to the hidden units.</summary>
    public long Rows(int rowCount) =>
        rowCount * (2 * _outputs + Exponential * (parameters.Shape.HiddenUnits / 4 + (long)parameters.Shape.OutputCount));

    /// <summary>The work of the gradients of the weights, and of the update if it follows directly.</summary>
    public long Gradients(int rowCount, bool areApplied) => HiddenSums(rowCount) + rowCount * _outputs + (areApplied ? UpdateAll : 0);

    /// <summary>The work of the forward pass, from rows to losses.</summary>
    public long Evaluate(int rowCount) => HiddenSums(rowCount) + Rows(rowCount) / 2;
}
