using MnistMlNet.Data;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>The partition by panels of hidden units, for threads and for ranks.</summary>
/// <remarks>
/// A worker owns panels: their weights from the inputs and to the outputs, their biases, and the optimizer's state of all of these. It
/// reads all rows of a batch. The only sum over panels is that of the logits, in the order of the panel groups; each rank gets the partial
/// logits of the others, batch × padded outputs floats a group, and computes all losses itself. So a step has one exchange among ranks.
/// </remarks>
internal sealed partial class BatchTrainer
{
    /// <summary>The minimum number of panel groups for each thread: with fewer, the threads' parts would differ too much.</summary>
    private const int MinGroupsPerWorker = 4;

    /// <summary>The minimum number of threads. Each of them regroups all entries of a batch by input, so two threads are faster with an
    /// input block each: 359 to 435 ms an epoch of MNIST with 800 units, against 401 to 421 by panel.</summary>
    private const int MinWorkersByPanel = 3;

    private readonly bool _isByPanel;
    private readonly (int First, int End) _groups;
    private readonly PanelRange _panels;
    private readonly Action<int> _gatherPhase;
    private readonly Action<int> _forwardPhase;
    private readonly Action<int> _lossPhase;
    private readonly Action<int> _backwardPhase;

    private void PassByPanel()
    {
        int rowCount = _slice.Length;
        _team.Run(_gatherPhase, _work.Gather(rowCount, _pass.Batch.CopiesRows));
        _team.Run(_forwardPhase, _work.HiddenSums(rowCount) + _work.Logits(rowCount));
        _ranks?.AddPartialLogits(_pass.Workspace, rowCount);
        _team.Run(_lossPhase, _work.Losses(rowCount));
        _team.Run(_backwardPhase, _work.Logits(rowCount) + _work.Gradients(rowCount, areApplied: _accumulator is null));
    }

    private void GatherPhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _pass.Batch.RowCount);
        ReadOnlySpan<int> rows = _slice.Span;
        _scratch[worker].ClearCopies();
        if (Augmenter is null)
        {
            Rows.Gather(rows, _upcoming.Span, _pass.Batch, first, end);
        }

        for (int inputBlock = 0; inputBlock < InputBlocks.Count && first < end; inputBlock++)
        {
            _pass.DropInputs(rows, inputBlock, first, end, _scratch[worker]);
            _pass.NumberInputs(inputBlock, first, end, _scratch[worker]);
        }

        GatherLabels(first, end);
    }

    private void ForwardPhase(int worker)
    {
        (int firstGroup, int endGroup) = GetGroups(worker);
        PanelRange panels = _pass.Groups.PanelsOf(firstGroup, endGroup);
        int rowCount = _pass.Batch.RowCount;
        if (panels.Count == 0)
        {
            return;
        }

        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            _pass.ComputePreActivations(inputBlock, panels, 0, rowCount);
        }

        _pass.ComputeActivations(panels, 0, rowCount);
        _pass.DropHidden(_slice.Span, panels, 0, rowCount);
        for (int group = firstGroup; group < endGroup; group++)
        {
            _pass.ComputePartialLogits(group, 0, rowCount, _pass.Workspace.PartialLogitRows(group - _groups.First, rowCount, 0, rowCount));
        }
    }

    private void LossPhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _pass.Batch.RowCount);
        if (_ranks is null)
        {
            _pass.AddPartialLogits(first, end);
        }

        _pass.ComputeLosses(first, end, _scale);
    }

    private void BackwardPhase(int worker)
    {
        WorkerScratch scratch = _scratch[worker];
        (int firstGroup, int endGroup) = GetGroups(worker);
        PanelRange panels = _pass.Groups.PanelsOf(firstGroup, endGroup);
        if (panels.Count > 0)
        {
            (int firstUnit, int unitCount) = _parameters.HiddenLayout.OutputsOf(panels);
            int endUnit = Math.Min(firstUnit + unitCount, _parameters.Shape.HiddenUnits);
            _pass.ComputeHiddenGradients(panels, 0, _pass.Batch.RowCount);
            _pass.ComputeHiddenWeightGradients(panels, 0, _idle?.Batch.Count ?? _parameters.Shape.InputCount, scratch, _sink);
            _pass.ComputeHiddenBiasGradients(panels, scratch, _sink);
            _pass.ComputeOutputWeightGradients(firstUnit, endUnit, scratch, _sink);
            if (_accumulator is null)
            {
                _pass.TransposeOutputWeights(firstUnit, endUnit);
            }
        }

        if (worker == 0)
        {
            _pass.ComputeOutputBiasGradients(scratch, _sink);
            _result = _result.Add(_pass.Workspace, _pass.Batch);                   // in this phase no other worker needs it
        }
    }

    private void UpdatePhase(int worker)
    {
        if (_ranks is null)
        {
            _accumulator!.Apply(_optimizer!, worker, _team.ActiveCount);
            return;
        }

        (int firstGroup, int endGroup) = GetGroups(worker);
        foreach (ParameterRange range in _parameters.RangesOf(_pass.Groups.PanelsOf(firstGroup, endGroup)))
        {
            _accumulator!.Apply(_optimizer!, range);
        }

        if (worker == 0)
        {
            _accumulator!.Apply(_optimizer!, _parameters.OutputBiasRange);
        }
    }

    /// <summary>The panel groups of one of this rank's threads.</summary>
    private (int First, int End) GetGroups(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _groups.End - _groups.First);
        return (_groups.First + first, _groups.First + end);
    }
}
