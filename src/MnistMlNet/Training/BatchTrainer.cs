using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>One step of training: gather, forward, backward, update. Nothing is allocated from the second batch on.</summary>
/// <remarks>
/// Two phases with a barrier after each: by rows (forward, and backward as far as rows are independent), then by parameters
/// (their gradients, each followed by its update at once). A batch of more than <see cref="SliceRows"/> rows goes through in slices
/// whose gradients are summed.
/// </remarks>
internal sealed class BatchTrainer
{
    /// <summary>Rows of one slice at most: their dZ1 for one panel, 32 KB, should stay near the core.</summary>
    public const int SliceRows = 256;

    private readonly IKernels _kernels;
    private readonly NetworkParameters _parameters;
    private readonly ParameterOptimizer _optimizer;
    private readonly WorkerTeam _team;
    private readonly Batch _batch;
    private readonly Workspace _workspace;
    private readonly WorkerScratch[] _scratch;
    private readonly InputShares _inputShares;
    private readonly GradientAccumulator? _accumulator;
    private readonly IGradientSink _sink;
    private readonly Action<int> _rowPhase;
    private readonly Action<int> _parameterPhase;
    private readonly Action<int> _updatePhase;
    private readonly Action<int> _transposePhase;
    private ReadOnlyMemory<int> _slice;
    private float _scale;

    public BatchTrainer(IKernels kernels, NetworkParameters parameters, PackedRows rows, ParameterOptimizer optimizer, WorkerTeam team, int batchSize)
    {
        _kernels = kernels;
        _parameters = parameters;
        Rows = rows;
        _optimizer = optimizer;
        _team = team;
        int capacity = Math.Min(batchSize, SliceRows);
        _batch = new Batch(rows.InputCount, rows.IsSparse, capacity);
        _workspace = new Workspace(parameters, capacity);
        _scratch = new WorkerScratch[team.WorkerCount];
        for (int i = 0; i < _scratch.Length; i++)
        {
            _scratch[i] = new WorkerScratch();
        }

        _inputShares = new InputShares(rows, team.WorkerCount, capacity);
        _accumulator = batchSize > SliceRows ? new GradientAccumulator(parameters) : null;
        _sink = _accumulator is null ? new GradientApplier(parameters, optimizer) : _accumulator;
        _rowPhase = RowPhase;
        _parameterPhase = ParameterPhase;
        _updatePhase = worker => _accumulator!.Apply(_optimizer, _team, worker);
        _transposePhase = TransposePhase;
        team.Run(_transposePhase);
    }

    /// <summary>Gets or sets the rows that batches are taken from: a window of the rows that the trainer was made for.</summary>
    public PackedRows Rows { get; set; }

    /// <summary>Gets what changes the rows of each batch; null where they are trained on as they are.</summary>
    public BatchAugmenter? Augmenter { get; init; }

    /// <summary>Trains on one batch.</summary>
    /// <param name="rows">The rows of the batch, by their places in <see cref="Rows"/>.</param>
    /// <returns>Sums over the rows: weight × loss before the update, weight, and hits.</returns>
    public BatchResult Step(ReadOnlyMemory<int> rows, float learningRate)
    {
        _optimizer.BeginStep(learningRate);
        _scale = 1f / rows.Length;
        _accumulator?.Clear();
        var result = default(BatchResult);
        for (int first = 0; first < rows.Length; first += SliceRows)
        {
            _slice = rows.Slice(first, Math.Min(SliceRows, rows.Length - first));
            if (Augmenter is null)
            {
                Rows.BeginGather(_slice.Span, _batch);
            }
            else
            {
                Augmenter.BeginGather(_slice, _batch);
            }

            _team.Run(_rowPhase);
            result = result.Add(_workspace, _batch);
            _team.Run(_parameterPhase);
        }

        if (_accumulator is not null)
        {
            _team.Run(_updatePhase);
            _team.Run(_transposePhase);
        }

        return result;
    }

    private void RowPhase(int worker)
    {
        (int first, int end) = _team.Share(worker, _batch.RowCount);
        if (first == end)
        {
            return;
        }

        if (Augmenter is null)
        {
            Rows.Gather(_slice.Span, _batch, first, end);
        }
        else
        {
            Augmenter.Gather(_batch, first, end);
        }

        ForwardPass.Rows(_kernels, _parameters, _batch, _workspace, first, end);
        BackwardPass.Losses(_kernels, _parameters, _batch, _workspace, first, end, _scale);
        BackwardPass.HiddenGradients(_kernels, _parameters, _workspace, first, end);
    }

    private void ParameterPhase(int worker)
    {
        WorkerScratch scratch = _scratch[worker];
        (int firstInput, int endInput) = _inputShares.Of(worker, _team.ActiveCount);
        BackwardPass.HiddenWeights(_kernels, _parameters, _batch, _workspace, scratch, firstInput, endInput, _sink);
        (int first, int end) = _team.Share(worker, _parameters.Shape.HiddenUnits);
        BackwardPass.OutputWeights(_kernels, _parameters, _workspace, scratch, _batch.RowCount, first, end, _sink);
        if (worker == 0)
        {
            BackwardPass.Biases(_kernels, _parameters, _workspace, scratch, _batch.RowCount, _sink);
        }

        if (_accumulator is null)
        {
            BackwardPass.TransposeOutputWeights(_parameters, _workspace, first, end);
        }
    }

    private void TransposePhase(int worker)
    {
        (int first, int end) = _team.Share(worker, _parameters.Shape.HiddenUnits);
        BackwardPass.TransposeOutputWeights(_parameters, _workspace, first, end);
    }
}
