using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>Loss and accuracy of the validation rows of all shards of all ranks.</summary>
internal sealed class ShardedEvaluation(RankGroup ranks, IReadOnlyList<Evaluation> shards)
{
    public BatchResult Run() => ranks.Add([.. shards.Select(shard => shard.Run())]);
}

/// <summary>Loss and accuracy of rows that aren't trained on.</summary>
internal sealed class Evaluation
{
    private readonly PackedRows _rows;
    private readonly WorkerTeam _team;
    private readonly PhaseWork _work;
    private readonly NetworkPass _pass;
    private readonly int[] _order;
    private readonly int _sliceRows;
    private readonly Action<int> _phase;
    private ReadOnlyMemory<int> _slice;

    /// <param name="places">The rows to measure, where not all.</param>
    /// <param name="loss">The loss to measure by.</param>
    public Evaluation(
        IKernels kernels, NetworkParameters parameters, PackedRows rows, WorkerTeam team, int[]? places = null, OutputLoss loss = default)
    {
        _rows = rows;
        _team = team;
        _work = new PhaseWork(parameters, rows);
        _sliceRows = MemoryNeed.FittingRows(parameters, BatchTrainer.SliceRows);
        int capacity = Math.Min(places?.Length ?? rows.RowCount, _sliceRows);
        _pass = new NetworkPass(kernels, parameters, OutputHead.Create(kernels, parameters, loss), rows.IsSparse, capacity);
        _order = places ?? [.. Enumerable.Range(0, rows.RowCount)];

        _phase = Phase;
    }

    public BatchResult Run()
    {
        var result = default(BatchResult);
        for (int first = 0; first < _order.Length; first += _sliceRows)
        {
            _slice = _order.AsMemory(first, Math.Min(_sliceRows, _order.Length - first));
            _pass.Batch.RowCount = _slice.Length;
            _team.Run(_phase, _work.Evaluate(_slice.Length));
            result = result.Add(_pass.Workspace, _pass.Batch);
        }

        return result;
    }

    private void Phase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _pass.Batch.RowCount);
        if (first == end)
        {
            return;
        }

        ReadOnlySpan<int> rows = _slice.Span;
        _rows.Gather(rows, [], _pass.Batch, first, end);
        _rows.GatherLabels(rows, _pass.Batch, first, end);
        _pass.ComputeForward(first, end);
        _pass.ComputeLosses(first, end, scale: 1);
    }
}
