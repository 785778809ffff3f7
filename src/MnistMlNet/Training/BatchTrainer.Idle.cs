using System.Numerics.Tensors;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Optimizers;

namespace MnistMlNet.Training;

/// <summary>Wide sparse rows: the weights of inputs without a value in the batch are updated later (<see cref="IdleInputs"/>).</summary>
internal sealed partial class BatchTrainer
{
    /// <summary>The minimum number of inputs for each input that a batch uses. Below it, updating all of them takes less time.</summary>
    private const int MinInputsPerUsedInput = 16;

    /// <summary>The maximum number of steps that are recorded at the end of an epoch: each takes 40 bytes.</summary>
    private const int MaxRecordedSteps = 1 << 20;

    private readonly Action<int> _catchUpPhase;
    private readonly Action<int> _completePhase;

    /// <summary>Whether updates are left until they are needed: few inputs are used by a batch, and the options allow it.</summary>
    /// <param name="rows">A sample of the rows.</param>
    public static bool LeavesIdle(ResolvedOptions plan, PackedRows rows)
    {
        if (!rows.IsSparse || plan.Augmentation is not null || !ParameterOptimizer.AllowsIdle(plan))
        {
            return false;
        }

        // The inputs of a batch, counted as if no two of its rows had one in common, unless all rows have it.
        double used = 0, batchRows = Math.Min(plan.BatchSize, rows.RowCount);
        foreach (long count in rows.NonZerosPerInput)
        {
            used += Math.Min(1, batchRows * count / Math.Max(1, rows.RowCount));
        }

        return used * MinInputsPerUsedInput < rows.InputCount;
    }

    /// <summary>Ends an epoch.</summary>
    public void EndEpoch()
    {
        _optimizer!.Idle?.EndEpoch();
        if (_optimizer.Idle?.Count > MaxRecordedSteps)
        {
            Complete();
        }
    }

    /// <summary>Updates all weights that were left for later; called between epochs.</summary>
    public void Complete()
    {
        if (_idle is not null && _optimizer!.Idle!.Count > 0)
        {
            _work.UpdatedInputs = _parameters.Shape.InputCount;
            _team.Run(_completePhase, _work.UpdateAll);
            _idle.Completed();
        }
    }

    /// <summary>Whether the parameters are finite, except those that are left for later; called between epochs.</summary>
    /// <remarks>A weight that isn't finite makes the loss of the next row that uses it infinite or NaN.</remarks>
    public bool AreFinite() => TensorPrimitives.IsFiniteAll<float>(
        _parameters.All[(_optimizer?.Idle?.Count > 0 ? _parameters.HiddenBiasesOffset : 0)..]);

    private void PrepareInputs(ReadOnlySpan<int> rows)
    {
        _idle!.Batch.Clear();
        foreach (int row in rows)
        {
            _idle.Batch.Add(Rows.SparseRow(row));
        }

        _idle.Batch.Sort();
        _work.UpdatedInputs = _idle.Batch.Count;
        _team.Run(_catchUpPhase, _work.UpdateAll);
    }

    private void CatchUpPhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _idle!.Batch.Count);
        _idle.CatchUp(first, end);
    }

    private void CompletePhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _parameters.Shape.InputCount);
        _idle!.Complete(first, end);
    }
}
