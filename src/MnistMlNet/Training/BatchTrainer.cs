using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;

namespace MnistMlNet.Training;

/// <summary>
/// Trains on one batch: gather, forward, backward, update. Nothing is allocated once the buffers have grown to the largest batch.
/// </summary>
/// <remarks>
/// <para>The work is divided by panels of hidden units, among threads and among ranks (BatchTrainer.Panels.cs), where there are enough
/// panels. Else it is divided among threads in three phases with a barrier after each. The first is parallel over input blocks: the part
/// of the pre-activations that comes from each. The second is parallel over rows: the rest of the forward pass, and the backward pass to
/// the gradients of the hidden units. The third is parallel over parameters: their gradients, each with the update right after it. With
/// two workers, each processes the same block in the first phase and, if both blocks cost about the same, in the third, so its part of W1
/// and of the entries stays in the cache of its core.</para>
/// <para>A batch of more than <see cref="SliceRows"/> rows is processed in slices whose gradients are added up. Gradients are also added
/// up, and applied afterwards, if the whole gradient must be known before the update.</para>
/// </remarks>
internal sealed partial class BatchTrainer
{
    /// <summary>The maximum number of rows of a slice: their dZ1 for one panel, 64 KB, should stay in the cache.</summary>
    public const int SliceRows = 256;

    private readonly NetworkParameters _parameters;
    private readonly ParameterOptimizer? _optimizer;
    private readonly WorkerTeam _team;
    private readonly PhaseWork _work;
    private readonly NetworkPass _pass;
    private readonly WorkerScratch[] _scratch;
    private readonly InputPartition _inputPartition;
    private readonly GradientAccumulator? _accumulator;
    private readonly IGradientSink _sink;
    private readonly Dropout? _dropout;
    private readonly float[]? _classWeights;
    private readonly float _clipNorm;
    private readonly float _maxNorm;
    private readonly Action<int> _inputPhase;
    private readonly Action<int> _rowPhase;
    private readonly Action<int> _parameterPhase;
    private readonly Action<int> _updatePhase;
    private readonly Action<int> _normPhase;
    private readonly Action<int> _transposePhase;
    private readonly PanelRanks? _ranks;
    private readonly IdleInputs? _idle;
    private ReadOnlyMemory<int> _slice;
    private ReadOnlyMemory<int> _upcoming;
    private float _scale;
    private BatchResult _result;

    /// <param name="plan">Gives the batch size, dropout, label smoothing and the limits of norms.</param>
    /// <param name="rows">A sample of the rows, by which the work is divided among the workers.</param>
    /// <param name="optimizer">Updates the parameters; null if only <see cref="Evaluate"/> and <see cref="Accumulate"/> are called.</param>
    /// <param name="ranks">The ranks among which the panels are divided; null where this process has all.</param>
    /// <param name="accumulates">Whether gradients are kept, because <see cref="Accumulate"/> is called.</param>
    public BatchTrainer(ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, PackedRows rows,
        ParameterOptimizer? optimizer, WorkerTeam team, PanelRanks? ranks = null, bool accumulates = false)
    {
        _ranks = ranks;
        _parameters = parameters;
        Rows = rows;
        _optimizer = optimizer;
        _team = team;
        _work = new PhaseWork(parameters, rows);
        int capacity = Math.Min(plan.BatchSize, SliceRows);
        _scratch = new WorkerScratch[team.WorkerCount];
        for (int i = 0; i < _scratch.Length; i++)
        {
            _scratch[i] = new WorkerScratch(rows.InputCount);
        }

        _inputPartition = new InputPartition(rows, team.WorkerCount, capacity);
        _classWeights = plan.ClassWeights;
        _clipNorm = plan.GradientClipNorm;
        _maxNorm = plan.MaxNorm;
        _dropout = plan.InputDropout > 0 || plan.HiddenDropout > 0
            ? new Dropout(kernels, parameters, plan.InputDropout, plan.HiddenDropout, capacity)
            : null;
        var groups = new PanelGroups(parameters.HiddenLayout);
        _isByPanel = ranks is not null
            || team.WorkerCount >= MinWorkersByPanel && groups.Count >= MinGroupsPerWorker * team.WorkerCount
            && (long)groups.Count * capacity * parameters.OutputLayout.PaddedOutputCount <= parameters.Length;
        _groups = ranks?.Groups ?? (0, groups.Count);
        _panels = groups.PanelsOf(_groups.First, _groups.End);
        _idle = optimizer?.Idle is null ? null
            : new IdleInputs(parameters, new BatchInputs(parameters.Shape.InputCount, parameters.Shape.HiddenUnits), optimizer, _panels);
        _pass = new NetworkPass(
            kernels, parameters, OutputHead.Create(kernels, parameters, OutputLoss.ToTrain(plan)), rows.IsSparse, capacity, _dropout,
            _isByPanel ? _groups.End - _groups.First : 0)
        {
            BatchInputs = _idle?.Batch,
        };
        if (accumulates || optimizer is null || plan.BatchSize > SliceRows || float.IsFinite(_clipNorm))
        {
            _sink = _accumulator = new GradientAccumulator(parameters, _idle);
        }
        else
        {
            _sink = new GradientApplier(parameters, optimizer, _idle);
        }

        _inputPhase = InputPhase;
        _rowPhase = RowPhase;
        _parameterPhase = ParameterPhase;
        _updatePhase = UpdatePhase;
        _gatherPhase = GatherPhase;
        _forwardPhase = ForwardPhase;
        _lossPhase = LossPhase;
        _backwardPhase = BackwardPhase;
        _normPhase = NormPhase;
        _transposePhase = TransposePhase;
        _catchUpPhase = CatchUpPhase;
        _completePhase = CompletePhase;
        team.Run(_transposePhase, _work.Transpose);
    }

    /// <summary>Gets or sets the rows from which batches are taken: all rows, or a window of them.</summary>
    public PackedRows Rows { get; set; }

    /// <summary>
    /// Gets or sets the action before each slice. It stops training by throwing; the parameters are then as after a whole number of steps.
    /// </summary>
    public Action? SliceBegins { get; set; }

    /// <summary>Sets the key of the random numbers of the following steps; see <see cref="ResolvedOptions.RandomKey"/>.</summary>
    /// <param name="firstRow">The index in the data of the first of <see cref="Rows"/>, so that the dropout of a row is the same with and
    /// without windows.</param>
    public void SetRandomKey(ulong key, long firstRow = 0)
    {
        if (_dropout is not null)
        {
            _dropout.Key = key;
            _dropout.FirstRow = firstRow;
        }
    }

    /// <summary>Prepares for a batch: where it begins a window, takes over the window's rows.</summary>
    /// <param name="key">The key of the epoch's random numbers.</param>
    public void Begin(TrainingBatch batch, ulong key)
    {
        if (batch.BeginsWindow)
        {
            Rows = batch.Window;
            Augmenter?.BeginWindow(batch.Window);
            SetRandomKey(key, batch.FirstRow);
        }
    }

    /// <summary>Gets the augmenter of the rows of each batch; null for none.</summary>
    public BatchAugmenter? Augmenter { get; init; }

    /// <summary>Takes over parameters that other code has changed.</summary>
    public void ParametersChanged()
    {
        _idle?.Restored();
        _team.Run(_transposePhase, _work.Transpose);
    }

    /// <summary>Trains on one batch.</summary>
    /// <param name="rows">The indices in <see cref="Rows"/> of the batch's rows.</param>
    /// <param name="upcoming">The rows of the next batch, as far as known: they are prefetched into the cache.</param>
    /// <returns>Sums over the rows: weight × loss before the update, weight, and correct predictions.</returns>
    public BatchResult Step(ReadOnlyMemory<int> rows, float learningRate, ReadOnlyMemory<int> upcoming = default)
    {
        _optimizer!.BeginStep(learningRate);
        BatchResult result = Pass(rows, upcoming);
        Apply();
        return result;
    }

    /// <summary>Makes a step with a gradient that isn't only of this trainer's rows.</summary>
    /// <param name="gradient">The gradient of the whole batch, in the layout of the parameters.</param>
    public void Step(ReadOnlySpan<float> gradient, float learningRate)
    {
        _optimizer!.BeginStep(learningRate);
        gradient.CopyTo(_accumulator!.All);
        Apply();
    }

    private void Apply()
    {
        if (_accumulator is not null)
        {
            if (float.IsFinite(_clipNorm))
            {
                _ranks?.Gather(_accumulator);
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
    }

    /// <summary>Computes the loss and the mean gradient of one batch at the current parameters, without an update.</summary>
    /// <returns>The sums over the rows. The next call overwrites <paramref name="gradient"/>.</returns>
    public BatchResult Evaluate(ReadOnlyMemory<int> rows, out ReadOnlySpan<float> gradient)
    {
        if (_accumulator is null)
        {
            throw new InvalidOperationException("The trainer was made for batches whose gradients aren't kept.");
        }

        _team.Run(_transposePhase, _work.Transpose);
        BatchResult result = Pass(rows, default);
        _ranks?.Gather(_accumulator.All);
        gradient = _accumulator.All;
        return result;
    }

    /// <summary>Computes a part of a batch's gradient at the current parameters, without an update.</summary>
    /// <param name="rows">The rows of this part; none for a gradient of 0.</param>
    /// <param name="batchRows">The number of rows of the whole batch, by which the sum is divided.</param>
    /// <param name="gradient">Receives the sum over the part's rows, divided by the number of rows of the batch.</param>
    public BatchResult Accumulate(ReadOnlyMemory<int> rows, long batchRows, Span<float> gradient)
    {
        _team.Run(_transposePhase, _work.Transpose);
        BatchResult result = Pass(rows, default, batchRows);
        _accumulator!.All.CopyTo(gradient);
        return result;
    }

    private BatchResult Pass(ReadOnlyMemory<int> rows, ReadOnlyMemory<int> upcoming, long batchRows = 0)
    {
        _scale = 1f / (batchRows == 0 ? rows.Length : batchRows);
        if (_idle is not null)
        {
            PrepareInputs(rows.Span);
        }

        _accumulator?.Clear();
        _result = default;
        for (int first = 0; first < rows.Length; first += SliceRows)
        {
            SliceBegins?.Invoke();
            _slice = Slice(rows, first);
            _upcoming = first + SliceRows < rows.Length ? Slice(rows, first + SliceRows) : upcoming;
            _pass.Batch.RowCount = _slice.Length;
            Augmenter?.Gather(_slice, _pass.Batch);
            if (_isByPanel)
            {
                PassByPanel();
                continue;
            }

            _team.Run(_inputPhase, _work.HiddenSums(_slice.Length));
            _team.Run(_rowPhase, _work.Rows(_slice.Length));
            _team.Run(_parameterPhase, _work.Gradients(_slice.Length, areApplied: _accumulator is null));
        }

        return _result;
    }

    private static ReadOnlyMemory<int> Slice(ReadOnlyMemory<int> rows, int first) =>
        rows.Slice(first, Math.Min(SliceRows, rows.Length - first));

    private void NormPhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _panels.Count);
        MaxNorm.Apply(_parameters, _maxNorm, _panels.First + first, _panels.First + end);
    }

    private void TransposePhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _parameters.Shape.HiddenUnits);
        _pass.TransposeOutputWeights(first, end);
    }
}
