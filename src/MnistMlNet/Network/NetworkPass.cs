using MnistMlNet.Data;
using MnistMlNet.Kernels;

namespace MnistMlNet.Network;

/// <summary>The forward pass of a batch, from rows to logits, and the backward pass, from losses to gradients.</summary>
/// <remarks>
/// <para>Forward: <c>Z1 = X·W1ᵀ + b1</c>, <c>A1 = f(Z1)</c>, <c>Z2 = A1·W2ᵀ + b2</c>. Backward: <c>dZ2</c> from the output head,
/// <c>dZ1 = f'(Z1) ∘ (dZ2·W2)</c>; <c>dW2 = dZ2ᵀ·A1</c>, <c>db2 = Σ dZ2</c>, <c>dW1 = dZ1ᵀ·X</c>, <c>db1 = Σ dZ1</c>.</para>
/// <para>Each method processes a range of rows, of hidden panels or of both, and different ranges may run in parallel, in threads or on
/// several machines. A panel needs nothing of the others except <c>dZ2</c>, for which the logits are sums over all panels. The gradient of
/// a parameter is a sum over all rows in their order, and a logit is a sum over the panel groups in their order: for this reason every
/// number of threads and machines gives the same bits.</para>
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
    /// <param name="partialLogits">The number of panel groups whose partial logits are kept until they are added; 0 for none.</param>
    public NetworkPass(
        IKernels kernels, NetworkParameters parameters, OutputHead head, bool isSparse, int capacity, Dropout? dropout = null,
        int partialLogits = 0)
    {
        _kernels = kernels;
        _parameters = parameters;
        _head = head;
        _dropout = dropout;
        _needsPreActivations = ActivationFunctions.NeedsPreActivation(parameters.Shape.Activation);
        NetworkShape shape = parameters.Shape;
        Batch = new Batch(shape.InputCount, isSparse, capacity, shape.Link == OutputLink.Softmax ? 0 : shape.OutputCount);
        if (dropout is { DropsInputs: true } && !isSparse)
        {
            Batch.CopyRows();
        }

        Groups = new PanelGroups(parameters.HiddenLayout);
        Workspace = new Workspace(parameters, capacity, Math.Max(partialLogits, Math.Min(1, Groups.Count - 1)));
    }

    /// <summary>Gets the groups of panels whose parts of the logits are added in a fixed order.</summary>
    public PanelGroups Groups { get; }

    /// <summary>Gets the batch, which the caller fills with rows.</summary>
    public Batch Batch { get; }

    /// <summary>Gets the intermediate results of the pass.</summary>
    public Workspace Workspace { get; }

    /// <summary>Gets the inputs of the batch, where the gradient has rows for these only; null where it has rows for all inputs.</summary>
    public BatchInputs? BatchInputs { get; init; }

    /// <summary>Copies one input block of rows <paramref name="first"/> … <paramref name="end"/> - 1 with the numbers of
    /// <see cref="BatchInputs"/>, if there are any.</summary>
    public void NumberInputs(int inputBlock, int first, int end, WorkerScratch scratch)
    {
        for (int r = first; r < end && BatchInputs is not null; r++)
        {
            Batch.NumberedRows(inputBlock)[r] = BatchInputs.Copy(Batch.SparseRows(inputBlock)[r], scratch.NumberedEntries);
        }
    }

    /// <summary>Computes activations and logits of rows <paramref name="first"/> … <paramref name="end"/> - 1, without dropout.</summary>
    public void ComputeForward(int first, int end)
    {
        PanelRange all = _parameters.HiddenLayout.All;
        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            ComputePreActivations(inputBlock, all, first, end);
        }

        ComputeActivations(all, first, end);
        ComputeLogits(first, end);
    }

    /// <summary>Drops inputs of one input block, in rows <paramref name="first"/> … <paramref name="end"/> - 1.</summary>
    /// <param name="rows">The indices in the data of the batch's rows.</param>
    /// <param name="scratch">Receives the changed entries; the rows of the data set don't change.</param>
    public void DropInputs(ReadOnlySpan<int> rows, int inputBlock, int first, int end, WorkerScratch scratch) =>
        _dropout?.DropInputs(rows, Batch, inputBlock, first, end, scratch);

    /// <summary>
    /// Computes the part of <c>Z1</c> that comes from one input block, for a range of panels and rows <paramref name="first"/> …
    /// <paramref name="end"/> - 1.
    /// </summary>
    public void ComputePreActivations(int inputBlock, PanelRange panels, int first, int end)
    {
        PanelLayout layout = _parameters.HiddenLayout;
        (int firstUnit, int unitCount) = layout.OutputsOf(panels);
        MatrixSpan output = (inputBlock == 0 ? Workspace.ActivationRows(first, end) : Workspace.PreActivationRows(first, end))
            .Columns(firstUnit, unitCount);
        if (inputBlock == 0)
        {
            LayerProduct.FillBiases(_parameters.HiddenBiases.Slice(firstUnit, unitCount), output);
        }
        else
        {
            output.Clear();
        }

        int firstInput = Batch.InputBlocks.First(inputBlock), endInput = Batch.InputBlocks.End(inputBlock);
        for (int p = panels.First; p < panels.End; p++)                            // one panel stays in the cache for all rows
        {
            MatrixSpan sums = output.Columns(PanelLayout.FirstOutput(p) - firstUnit, layout.Width(p));
            if (Batch.IsSparse)
            {
                _kernels.MultiplyRows(Batch.SparseRows(inputBlock)[first..end], layout.Panel(_parameters.HiddenWeights, p), sums);
            }
            else
            {
                _kernels.MultiplyDense(
                    Batch.DenseRows(inputBlock, firstInput, endInput, first, end, areNew: p == panels.First),
                    layout.Panel(_parameters.HiddenWeights, p, firstInput, endInput - firstInput), sums);
            }
        }
    }

    /// <summary>
    /// Computes the activations of a range of panels and rows <paramref name="first"/> … <paramref name="end"/> - 1 from the sums of both
    /// input blocks.
    /// </summary>
    public void ComputeActivations(PanelRange panels, int first, int end)
    {
        (int firstUnit, int unitCount) = _parameters.HiddenLayout.OutputsOf(panels);
        MatrixSpan activations = Workspace.ActivationRows(first, end).Columns(firstUnit, unitCount);
        MatrixSpan preActivations = Workspace.PreActivationRows(first, end).Columns(firstUnit, unitCount);
        MatrixSpan sums = _needsPreActivations ? preActivations : activations;
        MatrixSpan.Add(activations, preActivations, sums);
        LayerProduct.Activate(_kernels, _parameters.Shape.Activation, sums, activations);
    }

    /// <summary>Drops activations of a range of panels and rows <paramref name="first"/> … <paramref name="end"/> - 1.</summary>
    /// <param name="rows">The indices in the data of the batch's rows.</param>
    public void DropHidden(ReadOnlySpan<int> rows, PanelRange panels, int first, int end)
    {
        (int firstUnit, int unitCount) = _parameters.HiddenLayout.OutputsOf(panels);
        _dropout?.DropHidden(rows, Workspace, firstUnit, unitCount, first, end);
    }

    /// <summary>Computes the logits of rows <paramref name="first"/> … <paramref name="end"/> - 1 from all their activations.</summary>
    public void ComputeLogits(int first, int end)
    {
        MatrixSpan logits = Workspace.LogitRows(first, end);
        ComputePartialLogits(0, first, end, logits);
        for (int g = 1; g < Groups.Count; g++)
        {
            MatrixSpan partial = Workspace.PartialLogitRows(0, Batch.RowCount, first, end);
            ComputePartialLogits(g, first, end, partial);
            MatrixSpan.Add(logits, partial, logits);
        }
    }

    /// <summary>Computes what a group of panels adds to the logits of rows <paramref name="first"/> … <paramref name="end"/> - 1; the first
    /// group begins with the biases.</summary>
    public void ComputePartialLogits(int group, int first, int end, MatrixSpan output)
    {
        if (group == 0)
        {
            LayerProduct.FillBiases(_parameters.OutputBiases, output);
        }
        else
        {
            output.Clear();
        }

        (int firstUnit, int unitCount) = Groups.UnitsOf(group);
        LayerProduct.AddDense(
            _kernels, _parameters.OutputLayout, Workspace.ActivationRows(first, end).Columns(firstUnit, unitCount), firstUnit,
            _parameters.OutputWeights, output);
    }

    /// <summary>Adds the partial logits of all groups, in their order, for rows <paramref name="first"/> … <paramref name="end"/> - 1.
    /// </summary>
    public void AddPartialLogits(int first, int end)
    {
        MatrixSpan logits = Workspace.LogitRows(first, end), sum = Workspace.PartialLogitRows(0, Batch.RowCount, first, end);
        for (int g = 1; g < Groups.Count; g++)
        {
            MatrixSpan.Add(sum, Workspace.PartialLogitRows(g, Batch.RowCount, first, end), logits);
            sum = logits;
        }

        if (Groups.Count == 1)
        {
            sum.Data[..logits.Data.Length].CopyTo(logits.Data);
        }
    }

    /// <summary>
    /// Computes losses and predictions of rows <paramref name="first"/> … <paramref name="end"/> - 1, and replaces their logits by
    /// <c>dZ2</c>.
    /// </summary>
    /// <param name="scale">The factor of each row's gradient in addition to its weight: 1 / B.</param>
    public void ComputeLosses(int first, int end, float scale) => _head.ComputeLosses(Batch, Workspace, first, end, scale);
}
