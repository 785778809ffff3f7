using System.Numerics.Tensors;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>
/// Leaves out random inputs and hidden units of each row while training (Srivastava et al. 2014), and scales the others so that sums keep
/// their mean.
/// </summary>
/// <remarks>
/// <c>x̃ = x ∘ m / (1 - p)</c> with m = 0 with probability p and 1 otherwise; likewise for the activations. What is dropped is named by the
/// row and the epoch, so it is the same on any number of threads.
/// </remarks>
internal sealed class Dropout
{
    /// <summary>Tells the inputs of a row from its hidden units.</summary>
    private const ulong HiddenPurpose = 0x8000_0000_0000_0000;

    private readonly IKernels _kernels;
    private readonly uint _inputThreshold;
    private readonly uint _hiddenThreshold;
    private readonly float _inputScale;
    private readonly float _hiddenScale;
    private readonly float _hiddenKept;
    private readonly int _stride;
    private readonly AlignedArray _masks;

    /// <param name="inputRate">The probability p of an input, within 0 … 1 (not included).</param>
    /// <param name="hiddenRate">The probability p of a hidden unit, likewise.</param>
    /// <param name="capacity">The most rows of a batch.</param>
    public Dropout(IKernels kernels, NetworkParameters parameters, float inputRate, float hiddenRate, int capacity)
    {
        _kernels = kernels;
        _inputThreshold = Threshold(inputRate);
        _hiddenThreshold = Threshold(hiddenRate);
        _inputScale = 1 / (1 - inputRate);
        _hiddenScale = 1 / (1 - hiddenRate);
        _hiddenKept = 1 - hiddenRate;
        _stride = parameters.HiddenLayout.PaddedOutputCount;
        _masks = new AlignedArray(hiddenRate > 0 ? checked(capacity * _stride) : 0);
    }

    /// <summary>Gets or sets what names the numbers drawn, beside the row: seed and epoch.</summary>
    public ulong Key { get; set; }

    /// <summary>Gets or sets the place in the data from which the rows of a batch are counted.</summary>
    public long FirstRow { get; set; }

    /// <summary>Drops inputs of one input block, of rows <paramref name="first"/> … <paramref name="end"/> - 1 of a batch.</summary>
    /// <param name="rows">The rows of the batch, by their places in the data.</param>
    /// <param name="scratch">Takes the entries as they are afterwards: the rows themselves stay as they are.</param>
    public void DropInputs(ReadOnlySpan<int> rows, Batch batch, int inputBlock, int first, int end, WorkerScratch scratch)
    {
        if (_inputThreshold == 0)
        {
            return;
        }

        for (int r = first; r < end; r++)
        {
            uint key = RowKey(rows[r], 0);
            if (batch.IsSparse)
            {
                SparseRow copy = scratch.Copies.Append(batch.SparseRows(inputBlock)[r]);
                _kernels.Dropout(copy.Values, scratch.WideIndices(copy), 0, key, _inputThreshold, _inputScale);
                batch.SparseRows(inputBlock)[r] = copy;
            }
            else
            {
                _kernels.Dropout(batch.DenseRow(r, inputBlock), [], batch.InputBlocks.First(inputBlock), key, _inputThreshold, _inputScale);
            }
        }
    }

    /// <summary>
    /// Drops activations of rows <paramref name="first"/> … <paramref name="end"/> - 1, and keeps the masks for the way back.
    /// </summary>
    /// <param name="rows">The rows of the batch, by their places in the data.</param>
    public void DropHidden(ReadOnlySpan<int> rows, Workspace workspace, int first, int end)
    {
        if (_hiddenThreshold == 0)
        {
            return;
        }

        for (int r = first; r < end; r++)
        {
            Span<float> mask = _masks.Slice(r * _stride, _stride);
            mask.Fill(1);
            _kernels.Dropout(mask, [], 0, RowKey(rows[r], HiddenPurpose), _hiddenThreshold, _hiddenScale);
            Span<float> activations = workspace.Activations.Slice(r * workspace.ActivationStride, _stride);
            TensorPrimitives.Multiply(activations, mask, activations);
        }
    }

    /// <summary>Takes a piece of a row of dZ2·W2 back through the mask and the function of the hidden units.</summary>
    /// <param name="values">
    /// What the derivative is computed from: the activations of the same units, dropped and scaled, or their pre-activations, which dropout
    /// leaves as they are.
    /// </param>
    /// <param name="unit">The first unit of the piece.</param>
    public void MultiplyByDerivative(Activation activation, int row, int unit, ReadOnlySpan<float> values, Span<float> gradient)
    {
        if (_hiddenThreshold == 0)
        {
            _kernels.MultiplyByDerivative(activation, values, gradient);
            return;
        }

        if (ActivationFunctions.NeedsPreActivation(activation))
        {
            _kernels.MultiplyByDerivative(activation, values, gradient);
        }
        else
        {
            // The derivative is a function of the activation before the mask. Where the mask is 0 that is lost, but so is the gradient.
            Span<float> whole = stackalloc float[PanelLayout.PanelWidth];
            whole = whole[..gradient.Length];
            TensorPrimitives.Multiply(values, _hiddenKept, whole);
            _kernels.MultiplyByDerivative(activation, whole, gradient);
        }

        TensorPrimitives.Multiply(gradient, _masks.Slice(row * _stride + unit, gradient.Length), gradient);
    }

    private static uint Threshold(float rate) => (uint)(rate * 4294967296.0);

    // Of everything that names the row.
    private uint RowKey(int row, ulong purpose) => (uint)(SeededRandom.Mix(Key ^ purpose, (ulong)(FirstRow + row)) >> 32);
}
