using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>
/// Sets random inputs and hidden units of each row to 0 during training (Srivastava et al. 2014), and scales the others so that the
/// expected value of each sum stays the same.
/// </summary>
/// <remarks>
/// <c>x̃ = x ∘ m / (1 - p)</c>, where m is 0 with probability p and 1 otherwise; the same for the activations. The masks depend only on
/// the seed, the epoch and the row, so they are the same on any number of threads.
/// </remarks>
internal sealed class Dropout
{
    /// <summary>XORed with the key for hidden units, so that their masks are independent of those of the inputs.</summary>
    private const ulong HiddenPurpose = 0x8000_0000_0000_0000;

    private readonly IKernels _kernels;
    private readonly uint _inputThreshold;
    private readonly uint _hiddenThreshold;
    private readonly float _inputScale;
    private readonly float _hiddenScale;
    private readonly float _hiddenKeepRate;
    private readonly int _stride;
    private readonly AlignedArray _masks;

    /// <param name="inputRate">The probability p of an input to be dropped, from 0 to below 1.</param>
    /// <param name="hiddenRate">The probability p of a hidden unit to be dropped, from 0 to below 1.</param>
    /// <param name="capacity">The maximum number of rows of a batch.</param>
    public Dropout(IKernels kernels, NetworkParameters parameters, float inputRate, float hiddenRate, int capacity)
    {
        _kernels = kernels;
        _inputThreshold = Threshold(inputRate);
        _hiddenThreshold = Threshold(hiddenRate);
        _inputScale = 1 / (1 - inputRate);
        _hiddenScale = 1 / (1 - hiddenRate);
        _hiddenKeepRate = 1 - hiddenRate;
        _stride = parameters.HiddenLayout.PaddedOutputCount;
        _masks = new AlignedArray(hiddenRate > 0 ? checked(capacity * _stride) : 0);
    }

    /// <summary>Gets whether inputs are dropped, for which a batch needs copies of dense rows.</summary>
    public bool DropsInputs => _inputThreshold > 0;

    /// <summary>Gets or sets a key made of the seed and the epoch; with the row it determines the random numbers.</summary>
    public ulong Key { get; set; }

    /// <summary>Gets or sets the index in the data of the row with index 0; above 0 for a later part of data that are streamed.</summary>
    public long FirstRow { get; set; }

    /// <summary>Drops inputs of one input block, in rows <paramref name="first"/> … <paramref name="end"/> - 1 of a batch.</summary>
    /// <param name="rows">The indices in the data of the batch's rows, relative to <see cref="FirstRow"/>.</param>
    /// <param name="scratch">Receives the changed entries; the rows of the data set don't change.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void DropInputs(ReadOnlySpan<int> rows, Batch batch, int inputBlock, int first, int end, WorkerScratch scratch)
    {
        if (!DropsInputs)
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
                _kernels.Dropout(
                    batch.CopiedRow(inputBlock, r), [], batch.InputBlocks.First(inputBlock), key, _inputThreshold, _inputScale);
            }
        }
    }

    /// <summary>
    /// Drops activations of a range of units in rows <paramref name="first"/> … <paramref name="end"/> - 1, and keeps the masks for the
    /// backward pass.
    /// </summary>
    /// <param name="rows">The indices in the data of the batch's rows, relative to <see cref="FirstRow"/>.</param>
    public void DropHidden(ReadOnlySpan<int> rows, Workspace workspace, int firstUnit, int unitCount, int first, int end)
    {
        if (_hiddenThreshold == 0)
        {
            return;
        }

        for (int r = first; r < end; r++)
        {
            Span<float> mask = _masks.Slice(r * _stride + firstUnit, unitCount);
            mask.Fill(1);
            _kernels.Dropout(mask, [], firstUnit, RowKey(rows[r], HiddenPurpose), _hiddenThreshold, _hiddenScale);
            Span<float> activations = workspace.Activations.Slice(r * workspace.ActivationStride + firstUnit, unitCount);
            TensorPrimitives.Multiply(activations, mask, activations);
        }
    }

    /// <summary>Multiplies a part of a row of <c>dZ2·W2</c> by the mask and by the derivative of the activation function.</summary>
    /// <param name="values">
    /// The values that the derivative is computed from: the activations of the same units, after dropout, or their pre-activations, which
    /// dropout doesn't change.
    /// </param>
    /// <param name="unit">The first unit of the part.</param>
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
            // The derivative is a function of the activation before dropout. Where the mask is 0, that value is lost, but isn't needed: the
            // gradient is 0 there.
            Span<float> unscaled = stackalloc float[PanelLayout.PanelWidth];
            unscaled = unscaled[..gradient.Length];
            TensorPrimitives.Multiply(values, _hiddenKeepRate, unscaled);
            _kernels.MultiplyByDerivative(activation, unscaled, gradient);
        }

        TensorPrimitives.Multiply(gradient, _masks.Slice(row * _stride + unit, gradient.Length), gradient);
    }

    private static uint Threshold(float rate) => (uint)(rate * 4294967296.0);

    // Depends on the seed, the epoch and the row's index in the data.
    private uint RowKey(int row, ulong purpose) => (uint)(SeededRandom.Mix(Key ^ purpose, (ulong)(FirstRow + row)) >> 32);
}
