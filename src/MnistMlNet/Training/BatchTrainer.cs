using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;

namespace MnistMlNet.Training;

/// <summary>
/// One step of training: gather, forward, backward, update. Nothing is allocated once the buffers have grown to the largest batch.
/// </summary>
/// <remarks>
/// Three phases with a barrier after each: by halves of the inputs (what each adds to the sums of the hidden units), by rows (forward from
/// there, and backward as far as rows are independent), and by parameters (their gradients, each followed by its update at once). Of two
/// workers each keeps to its half in the first phase and, where both halves cost about the same, in the last, so half of W1 and of the
/// entries never leaves its core. A batch of more than <see cref="SliceRows"/> rows goes through in slices whose gradients are summed; so
/// does one whose gradient must be known as a whole before the update.
/// </remarks>
internal sealed class BatchTrainer
{
    /// <summary>Rows of one slice at most: their dZ1 for one panel, 64 KB, should stay near the core.</summary>
    public const int SliceRows = 256;

    private readonly IKernels _kernels;
    private readonly NetworkParameters _parameters;
    private readonly ParameterOptimizer? _optimizer;
    private readonly WorkerTeam _team;
    private readonly PhaseWork _work;
    private readonly Batch _batch;
    private readonly Workspace _workspace;
    private readonly WorkerScratch[] _scratch;
    private readonly InputPartition _inputShares;
    private readonly GradientAccumulator? _accumulator;
    private readonly IGradientSink _sink;
    private readonly Dropout? _dropout;
    private readonly float[]? _classWeights;
    private readonly float _labelSmoothing;
    private readonly float _clipNorm;
    private readonly float _maxNorm;
    private readonly Action<int> _halfPhase;
    private readonly Action<int> _rowPhase;
    private readonly Action<int> _parameterPhase;
    private readonly Action<int> _updatePhase;
    private readonly Action<int> _normPhase;
    private readonly Action<int> _transposePhase;
    private ReadOnlyMemory<int> _slice;
    private ReadOnlyMemory<int> _upcoming;
    private float _scale;
    private BatchResult _result;

    /// <param name="plan">The batch size, dropout, smoothing and the limits of norms.</param>
    /// <param name="rows">Rows that stand for all: by these the work is shared out.</param>
    /// <param name="optimizer">What makes gradients updates; null where only <see cref="Evaluate"/> is wanted.</param>
    public BatchTrainer(ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, PackedRows rows,
        ParameterOptimizer? optimizer, WorkerTeam team)
    {
        _kernels = kernels;
        _parameters = parameters;
        Rows = rows;
        _optimizer = optimizer;
        _team = team;
        _work = new PhaseWork(parameters, rows);
        int capacity = Math.Min(plan.BatchSize, SliceRows);
        _batch = new Batch(rows.InputCount, rows.IsSparse, capacity);
        _workspace = new Workspace(parameters, capacity);
        _scratch = new WorkerScratch[team.WorkerCount];
        for (int i = 0; i < _scratch.Length; i++)
        {
            _scratch[i] = new WorkerScratch(rows.InputCount);
        }

        _inputShares = new InputPartition(rows, team.WorkerCount, capacity);
        _classWeights = plan.ClassWeights;
        _labelSmoothing = plan.LabelSmoothing;
        _clipNorm = plan.GradientClipNorm;
        _maxNorm = plan.MaxNorm;
        _dropout = plan.InputDropout > 0 || plan.HiddenDropout > 0
            ? new Dropout(kernels, parameters, plan.InputDropout, plan.HiddenDropout, capacity)
            : null;
        if (optimizer is null || plan.BatchSize > SliceRows || float.IsFinite(_clipNorm))
        {
            _sink = _accumulator = new GradientAccumulator(parameters);
        }
        else
        {
            _sink = new GradientApplier(parameters, optimizer);
        }

        _halfPhase = HalfPhase;
        _rowPhase = RowPhase;
        _parameterPhase = ParameterPhase;
        _updatePhase = worker => _accumulator!.Apply(_optimizer!, worker, _team.ActiveCount);
        _normPhase = NormPhase;
        _transposePhase = TransposePhase;
        team.Run(_transposePhase, _work.Transpose);
    }

    /// <summary>Gets or sets the rows that batches are taken from: a window of the rows that the trainer was made for.</summary>
    public PackedRows Rows { get; set; }

    /// <summary>
    /// Gets or sets what is called before each slice; it stops training by throwing, and no parameter is half updated then.
    /// </summary>
    public Action? SliceBegins { get; set; }

    /// <summary>Names the random numbers of the following steps; see <see cref="ResolvedOptions.RandomKey"/>.</summary>
    /// <param name="firstRow">The place in the data of the first of <see cref="Rows"/>, so that a row drops the same whether it is read in
    /// a window or not.</param>
    public void SetRandomKey(ulong key, long firstRow = 0)
    {
        if (_dropout is not null)
        {
            _dropout.Key = key;
            _dropout.FirstRow = firstRow;
        }
    }

    /// <summary>Gets what changes the rows of each batch; null where they are trained on as they are.</summary>
    public BatchAugmenter? Augmenter { get; init; }

    /// <summary>Takes note that the parameters were changed from outside: what is kept of them in another layout follows.</summary>
    public void ParametersChanged() => _team.Run(_transposePhase, _work.Transpose);

    /// <summary>Trains on one batch.</summary>
    /// <param name="rows">The rows of the batch, by their places in <see cref="Rows"/>.</param>
    /// <param name="upcoming">The rows of the batch after it, as far as they are known: they are brought nearer meanwhile.</param>
    /// <returns>Sums over the rows: weight × loss before the update, weight, and hits.</returns>
    public BatchResult Step(ReadOnlyMemory<int> rows, float learningRate, ReadOnlyMemory<int> upcoming = default)
    {
        _optimizer!.BeginStep(learningRate);
        BatchResult result = Pass(rows, upcoming);
        if (_accumulator is not null)
        {
            if (float.IsFinite(_clipNorm))
            {
                _accumulator.Clip(_clipNorm);
            }

            _team.Run(_updatePhase, _work.UpdateAll);
        }

        if (float.IsFinite(_maxNorm))
        {
            _team.Run(_normPhase, _work.Norms);
        }

        if (_accumulator is not null)
        {
            _team.Run(_transposePhase, _work.Transpose);
        }

        return result;
    }

    /// <summary>Computes loss and mean gradient of one batch at the present parameters, and changes none.</summary>
    /// <returns>The sums over the rows, and the gradient, which the next call overwrites.</returns>
    public BatchResult Evaluate(ReadOnlyMemory<int> rows, out ReadOnlySpan<float> gradient)
    {
        if (_accumulator is null)
        {
            throw new InvalidOperationException("The trainer was made for batches whose gradients aren't kept.");
        }

        _team.Run(_transposePhase, _work.Transpose);
        BatchResult result = Pass(rows, default);
        gradient = _accumulator.All;
        return result;
    }

    private BatchResult Pass(ReadOnlyMemory<int> rows, ReadOnlyMemory<int> upcoming)
    {
        _scale = 1f / rows.Length;
        _accumulator?.Clear();
        _result = default;
        for (int first = 0; first < rows.Length; first += SliceRows)
        {
            SliceBegins?.Invoke();
            _slice = Slice(rows, first);
            _upcoming = first + SliceRows < rows.Length ? Slice(rows, first + SliceRows) : upcoming;
            _batch.RowCount = _slice.Length;
            Augmenter?.Gather(_slice, _batch);
            _team.Run(_halfPhase, _work.HiddenSums(_slice.Length));
            _team.Run(_rowPhase, _work.Rows(_slice.Length));
            _team.Run(_parameterPhase, _work.Gradients(_slice.Length, areApplied: _accumulator is null));
        }

        return _result;
    }

    private static ReadOnlyMemory<int> Slice(ReadOnlyMemory<int> rows, int first) =>
        rows.Slice(first, Math.Min(SliceRows, rows.Length - first));

    private void HalfPhase(int worker)
    {
        // One half of each row is a piece of work, first all first halves, then all second ones: two workers get a half each.
        int rowCount = _batch.RowCount;
        (int firstPiece, int endPiece) = _team.GetRange(worker, InputBlocks.Count * rowCount);
        ReadOnlySpan<int> rows = _slice.Span;
        _scratch[worker].Copies.Clear();
        for (int half = 0; half < InputBlocks.Count; half++)
        {
            int first = Math.Max(firstPiece - half * rowCount, 0), end = Math.Min(endPiece - half * rowCount, rowCount);
            if (first < end)
            {
                if (Augmenter is null)
                {
                    Rows.Gather(rows, _upcoming.Span, _batch, half, first, end);
                }

                _dropout?.DropInputs(rows, _batch, half, first, end, _scratch[worker]);
                ForwardPass.HiddenSums(_kernels, _parameters, _batch, _workspace, half, first, end);
            }
        }
    }

    private void RowPhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _batch.RowCount);
        if (first == end)
        {
            return;
        }

        ReadOnlySpan<int> rows = _slice.Span;
        Rows.GatherLabels(rows, _batch, first, end);
        if (_classWeights is not null)
        {
            for (int r = first; r < end; r++)
            {
                _batch.Weights[r] *= _classWeights[_batch.Labels[r]];
            }
        }

        ForwardPass.Hidden(_parameters, _workspace, first, end);
        _dropout?.DropHidden(rows, _workspace, first, end);
        ForwardPass.Logits(_kernels, _parameters, _workspace, first, end);
        BackwardPass.Losses(_kernels, _parameters, _batch, _workspace, first, end, _scale, _labelSmoothing);
        BackwardPass.HiddenGradients(_kernels, _parameters, _workspace, first, end, _dropout);
    }

    private void ParameterPhase(int worker)
    {
        WorkerScratch scratch = _scratch[worker];
        (int firstInput, int endInput) = _inputShares.GetRange(worker, _team.ActiveCount);
        BackwardPass.HiddenWeights(_kernels, _parameters, _batch, _workspace, scratch, firstInput, endInput, _sink);
        (int first, int end) = _team.GetRange(worker, _parameters.Shape.HiddenUnits);
        BackwardPass.OutputWeights(_kernels, _parameters, _workspace, scratch, _batch.RowCount, first, end, _sink);
        if (worker == 0)
        {
            BackwardPass.Biases(_kernels, _parameters, _workspace, scratch, _batch.RowCount, _sink);
            _result = _result.Add(_workspace, _batch);                             // here, where the others needn't wait for it
        }

        if (_accumulator is null)
        {
            BackwardPass.TransposeOutputWeights(_parameters, _workspace, first, end);
        }
    }

    private void NormPhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _parameters.HiddenLayout.PanelCount);
        MaxNorm.Apply(_parameters, _maxNorm, first, end);
    }

    private void TransposePhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _parameters.Shape.HiddenUnits);
        BackwardPass.TransposeOutputWeights(_parameters, _workspace, first, end);
    }
}
