using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>The forward pass of a batch, from rows to logits, and the backward pass, from losses to gradients.</summary>
/// <remarks>
/// <para>Forward, parallel over rows: <c>Z1 = X·W1ᵀ + b1</c>, <c>A1 = f(Z1)</c>, <c>Z2 = A1·W2ᵀ + b2</c>. Backward, parallel over rows:
/// <c>dZ2</c> from the output head, <c>dZ1 = f'(Z1) ∘ (dZ2·W2)</c>; then parallel over parameters: <c>dW2 = dZ2ᵀ·A1</c>,
/// <c>db2 = Σ dZ2</c>, <c>dW1 = dZ1ᵀ·X</c>, <c>db1 = Σ dZ1</c>.</para>
/// <para>Each method processes a range of rows or of units, and different ranges may run in parallel. The gradient of a parameter is a sum
/// over all rows in their order, computed in one thread: for this reason every number of threads gives the same bits.</para>
/// </remarks>
internal sealed partial class NetworkPass
{
    private readonly IKernels _kernels;
    private readonly NetworkParameters _parameters;
    private readonly OutputHead _head;
    private readonly Dropout? _dropout;
    private readonly bool _needsPreActivations;

    /// <param name="head">The loss of the output layer.</param>
    /// <param name="isSparse">Whether the rows of the batch are sparse.</param>
    /// <param name="capacity">The maximum number of rows of a batch.</param>
    /// <param name="dropout">The dropout of inputs and hidden units; null for none.</param>
    public NetworkPass(
        IKernels kernels, NetworkParameters parameters, OutputHead head, bool isSparse, int capacity, Dropout? dropout = null)
    {
        _kernels = kernels;
        _parameters = parameters;
        _head = head;
        _dropout = dropout;
        _needsPreActivations = ActivationFunctions.NeedsPreActivation(parameters.Shape.Activation);
        NetworkShape shape = parameters.Shape;
        Batch = new Batch(shape.InputCount, isSparse, capacity, shape.Link == OutputLink.Softmax ? 0 : shape.OutputCount);
        Workspace = new Workspace(parameters, capacity);
    }

    /// <summary>Gets the batch, which the caller fills with rows.</summary>
    public Batch Batch { get; }

    /// <summary>Gets the intermediate results of the pass.</summary>
    public Workspace Workspace { get; }

    /// <summary>Computes activations and logits of rows <paramref name="first"/> … <paramref name="end"/> - 1, without dropout.</summary>
    public void ComputeForward(int first, int end)
    {
        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            ComputePreActivations(inputBlock, first, end);
        }

        ComputeActivations(first, end);
        ComputeLogits(first, end);
    }

    /// <summary>Drops inputs of one input block, in rows <paramref name="first"/> … <paramref name="end"/> - 1.</summary>
    /// <param name="rows">The indices in the data of the batch's rows.</param>
    /// <param name="scratch">Receives the changed entries; the rows of the data set don't change.</param>
    public void DropInputs(ReadOnlySpan<int> rows, int inputBlock, int first, int end, WorkerScratch scratch) =>
        _dropout?.DropInputs(rows, Batch, inputBlock, first, end, scratch);

    /// <summary>
    /// Computes the part of <c>Z1</c> that comes from one input block, for rows <paramref name="first"/> … <paramref name="end"/> - 1.
    /// </summary>
    public void ComputePreActivations(int inputBlock, int first, int end)
    {
        PanelLayout layout = _parameters.HiddenLayout;
        MatrixSpan output;
        if (inputBlock == 0)
        {
            output = Workspace.ActivationRows(first, end);
            LayerProduct.FillBiases(_parameters.HiddenBiases, output);
        }
        else
        {
            output = Workspace.PreActivationRows(first, end);
            output.Data.Clear();
        }

        if (!Batch.IsSparse)
        {
            int firstInput = Batch.InputBlocks.First(inputBlock);
            LayerProduct.AddDense(
                _kernels, layout, Batch.DenseRows(firstInput, Batch.InputBlocks.End(inputBlock), first, end), firstInput,
                _parameters.HiddenWeights, output);
            return;
        }

        for (int p = 0; p < layout.PanelCount; p++)                                // one panel stays in the cache for all rows
        {
            _kernels.MultiplyRows(
                Batch.SparseRows(inputBlock)[first..end], layout.Panel(_parameters.HiddenWeights, p),
                output.Columns(PanelLayout.FirstOutput(p), layout.Width(p)));
        }
    }

    /// <summary>
    /// Computes the activations of rows <paramref name="first"/> … <paramref name="end"/> - 1 from the sums of both input blocks.
    /// </summary>
    public void ComputeActivations(int first, int end)
    {
        MatrixSpan activations = Workspace.ActivationRows(first, end), preActivations = Workspace.PreActivationRows(first, end);
        MatrixSpan sums = _needsPreActivations ? preActivations : activations;
        FloatVectors.Add(activations.Data, preActivations.Data, sums.Data);
        LayerProduct.Activate(_kernels, _parameters.Shape.Activation, sums, activations);
    }

    /// <summary>Drops activations of rows <paramref name="first"/> … <paramref name="end"/> - 1.</summary>
    /// <param name="rows">The indices in the data of the batch's rows.</param>
    public void DropHidden(ReadOnlySpan<int> rows, int first, int end) => _dropout?.DropHidden(rows, Workspace, first, end);

    /// <summary>
    /// Computes the logits of rows <paramref name="first"/> … <paramref name="end"/> - 1 from their activations.
    /// </summary>
    public void ComputeLogits(int first, int end) =>
        LayerProduct.ComputeLogits(_kernels, _parameters, Workspace.ActivationRows(first, end), Workspace.LogitRows(first, end));

    /// <summary>
    /// Computes losses and predictions of rows <paramref name="first"/> … <paramref name="end"/> - 1, and replaces their logits by
    /// <c>dZ2</c>.
    /// </summary>
    /// <param name="scale">The factor of each row's gradient in addition to its weight: 1 / B.</param>
    public void ComputeLosses(int first, int end, float scale) => _head.ComputeLosses(Batch, Workspace, first, end, scale);
}
