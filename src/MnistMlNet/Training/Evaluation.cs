using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>Loss and accuracy of rows that aren't trained on.</summary>
internal sealed class Evaluation
{
    private readonly IKernels _kernels;
    private readonly NetworkParameters _parameters;
    private readonly PackedRows _rows;
    private readonly WorkerTeam _team;
    private readonly PhaseWork _work;
    private readonly Batch _batch;
    private readonly Workspace _workspace;
    private readonly int[] _order;
    private readonly int _sliceRows;
    private readonly Action<int> _phase;
    private ReadOnlyMemory<int> _slice;

    /// <param name="places">The rows to measure, where not all.</param>
    public Evaluation(IKernels kernels, NetworkParameters parameters, PackedRows rows, WorkerTeam team, int[]? places = null)
    {
        _kernels = kernels;
        _parameters = parameters;
        _rows = rows;
        _team = team;
        _work = new PhaseWork(parameters, rows);
        _sliceRows = MemoryNeed.FittingRows(parameters, rows.InputCount, BatchTrainer.SliceRows);
        int capacity = Math.Min(places?.Length ?? rows.RowCount, _sliceRows);
        _batch = new Batch(rows.InputCount, rows.IsSparse, capacity);
        _workspace = new Workspace(parameters, capacity);
        _order = places ?? [.. Enumerable.Range(0, rows.RowCount)];

        _phase = Phase;
    }

    public BatchResult Run()
    {
        var result = default(BatchResult);
        for (int first = 0; first < _order.Length; first += _sliceRows)
        {
            _slice = _order.AsMemory(first, Math.Min(_sliceRows, _order.Length - first));
            _batch.RowCount = _slice.Length;
            _team.Run(_phase, _work.Evaluate(_slice.Length));
            result = result.Add(_workspace, _batch);
        }

        return result;
    }

    private void Phase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _batch.RowCount);
        if (first == end)
        {
            return;
        }

        ReadOnlySpan<int> rows = _slice.Span;
        for (int half = 0; half < InputBlocks.Count; half++)
        {
            _rows.Gather(rows, [], _batch, half, first, end);
        }

        _rows.GatherLabels(rows, _batch, first, end);
        ForwardPass.Rows(_kernels, _parameters, _batch, _workspace, first, end);
        BackwardPass.Losses(_kernels, _parameters, _batch, _workspace, first, end, scale: 1);
    }
}
