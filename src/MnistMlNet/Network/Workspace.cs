using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>The intermediate results of the forward and the backward pass of a batch; allocated once, reused for every batch.</summary>
internal sealed class Workspace
{
    private readonly int _hiddenWidth;
    private readonly int _outputWidth;

    /// <param name="partialLogits">The number of panel groups whose partial logits are in memory at the same time.</param>
    public Workspace(NetworkParameters parameters, int capacity, int partialLogits = 0)
    {
        PanelLayout hidden = parameters.HiddenLayout;
        _hiddenWidth = hidden.PaddedOutputCount;
        _outputWidth = parameters.OutputLayout.PaddedOutputCount;
        ActivationStride = Batch.RowStride(hidden.PaddedOutputCount);
        LogitStride = Batch.RowStride(parameters.OutputLayout.PaddedOutputCount);
        Activations = new AlignedArray(checked(capacity * ActivationStride));
        PreActivations = new AlignedArray(checked(capacity * ActivationStride));
        Logits = new AlignedArray(checked(capacity * LogitStride));
        PartialLogits = new AlignedArray(checked(partialLogits * capacity * LogitStride));
        HiddenGradients = new AlignedArray(checked(capacity * hidden.PaddedOutputCount));
        TransposedOutputWeights = new AlignedArray(checked(parameters.Shape.OutputCount * hidden.PaddedOutputCount));
        Losses = new float[capacity];
        SmoothingLosses = new float[capacity];
        Predicted = new int[capacity];
        Correct = new float[capacity];
        bool isNumeric = parameters.Shape.Link is OutputLink.Identity or OutputLink.Exponential;
        SquaredErrors = new double[isNumeric ? capacity : 0];
        StandardizedErrors = new double[isNumeric ? capacity : 0];
        Capacity = capacity;
    }

    public int Capacity { get; }

    /// <summary>Gets the distance between successive rows of <see cref="Activations"/>.</summary>
    public int ActivationStride { get; }

    /// <summary>Gets the distance between successive rows of <see cref="Logits"/>.</summary>
    public int LogitStride { get; }

    /// <summary>Gets <c>A1</c>, <c>[B, H]</c>.</summary>
    public AlignedArray Activations { get; }

    /// <summary>
    /// Gets the part of <c>Z1</c> that comes from the second input block; the rest is in <see cref="Activations"/> until the two are added.
    /// Afterwards this is <c>Z1</c> itself, if the derivative of the activation function is computed from it.
    /// </summary>
    public AlignedArray PreActivations { get; }

    /// <summary>Gets <c>Z2</c>, <c>[B, C]</c>, which the backward pass replaces by <c>dZ2</c>.</summary>
    public AlignedArray Logits { get; }

    /// <summary>Gets what each panel group adds to <c>Z2</c>: the rows of group g start at <c>g · B · LogitStride</c>, without gaps, so
    /// that those of successive groups are one block.</summary>
    public AlignedArray PartialLogits { get; }

    /// <summary>
    /// Gets <c>dZ1</c> in panels: row r of panel p is at <c>capacity · 64 p + r · width</c>, so that all rows of one panel are contiguous.
    /// </summary>
    public AlignedArray HiddenGradients { get; }

    /// <summary>Gets <c>W2</c> as <c>[C, H]</c> in panels of hidden units: the right-hand side of <c>dZ2 · W2</c>.</summary>
    public AlignedArray TransposedOutputWeights { get; }

    /// <summary>Gets the loss of each row, in nats.</summary>
    public float[] Losses { get; }

    /// <summary>Gets the part of each row's loss that comes from label smoothing, while the losses are computed.</summary>
    public float[] SmoothingLosses { get; }

    /// <summary>Gets the class of each row's largest logit.</summary>
    public int[] Predicted { get; }

    /// <summary>Gets whether each row's class was found, or the share of its answers that are right; 0 where outputs are numbers.</summary>
    public float[] Correct { get; }

    /// <summary>Gets the mean over the outputs of each row's squared error, in the label's unit; empty for classes.</summary>
    public double[] SquaredErrors { get; }

    /// <summary>Gets the same in the unit of the targets while training.</summary>
    public double[] StandardizedErrors { get; }

    /// <summary>Rows <paramref name="first"/> … <paramref name="end"/> - 1 of <see cref="Activations"/>.</summary>
    public MatrixSpan ActivationRows(int first, int end) => Rows(Activations, first, end, _hiddenWidth, ActivationStride);

    /// <summary>The same rows of <see cref="PreActivations"/>.</summary>
    public MatrixSpan PreActivationRows(int first, int end) =>
        Rows(PreActivations, first, end, _hiddenWidth, ActivationStride);

    /// <summary>The same rows of <see cref="Logits"/>, padding included.</summary>
    public MatrixSpan LogitRows(int first, int end) => Rows(Logits, first, end, _outputWidth, LogitStride);

    /// <summary>The same rows of one group of <see cref="PartialLogits"/>, padding included.</summary>
    /// <param name="rowCount">The number of rows B of the batch.</param>
    public MatrixSpan PartialLogitRows(int group, int rowCount, int first, int end) => new(
        PartialLogits.Slice((group * rowCount + first) * LogitStride, (end - first) * LogitStride), end - first, _outputWidth, LogitStride);

    /// <summary>The same rows of one panel of <see cref="HiddenGradients"/>.</summary>
    public MatrixSpan HiddenGradientRows(int panel, int first, int end)
    {
        int width = Math.Min(PanelLayout.PanelWidth, _hiddenWidth - PanelLayout.FirstOutput(panel)), count = end - first;
        return new MatrixSpan(HiddenGradients.Slice(HiddenGradientOffset(panel) + first * width, count * width), count, width, width);
    }

    private static MatrixSpan Rows(AlignedArray array, int first, int end, int width, int stride) =>
        new(array.Slice(first * stride, (end - first) * stride), end - first, width, stride);

    /// <summary>The offset of the first row of a panel in <see cref="HiddenGradients"/>.</summary>
    private int HiddenGradientOffset(int panel) => Capacity * PanelLayout.FirstOutput(panel);
}

/// <summary>The memory that one worker uses for itself while it processes a batch.</summary>
internal sealed class WorkerScratch(int inputCount)
{
    /// <summary>
    /// The number of inputs whose weights' gradient is computed together. 400 × 32 floats are 50 KB, 400 × 64 are 100 KB, which the
    /// second-level cache delivers fast enough; with fewer inputs each row of a batch would be started more often.
    /// </summary>
    public const int InputsAtOnce = 400;

    private int[] _indices = [];

    /// <summary>Gets memory for the gradient of the weights of <see cref="InputsAtOnce"/> inputs in one panel.</summary>
    public AlignedArray Gradient { get; } = new(InputsAtOnce * PanelLayout.PanelWidth);

    /// <summary>Gets the entries of a range of inputs.</summary>
    public InputRangeRows Ranges { get; } = new();

    /// <summary>Gets the entries of a batch grouped by input.</summary>
    public BatchTranspose Transpose { get; } = new();

    /// <summary>Gets the entries that dropout has changed in the present batch.</summary>
    public CsrStorage Copies { get; } = new(inputCount);

    /// <summary>Gets the entries of the present batch with the numbers of its inputs as indices.</summary>
    public CsrStorage NumberedEntries { get; } = new(int.MaxValue);

    /// <summary>Removes the copies of the last batch.</summary>
    public void ClearCopies()
    {
        Copies.Clear();
        NumberedEntries.Clear();
    }

    /// <summary>The indices of a row's entries as 4 bytes each; valid until the next call.</summary>
    public ReadOnlySpan<int> WideIndices(SparseRow row)
    {
        if (_indices.Length < row.Count)
        {
            _indices = new int[Math.Max(row.Count, 2 * _indices.Length)];
        }

        row.CopyIndices(_indices);
        return _indices.AsSpan(0, row.Count);
    }
}
