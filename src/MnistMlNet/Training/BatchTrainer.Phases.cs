using MnistMlNet.Data;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>The phases by input block, by row and by parameter, where the work isn't divided by panels.</summary>
internal sealed partial class BatchTrainer
{
    private void InputPhase(int worker)
    {
        // An item of work is one block of one row. The first blocks of all rows come first, so two workers get a block each.
        int rowCount = _pass.Batch.RowCount;
        (int firstItem, int endItem) = _team.GetRange(worker, InputBlocks.Count * rowCount);
        ReadOnlySpan<int> rows = _slice.Span;
        _scratch[worker].ClearCopies();
        bool hasWholeRows = endItem - firstItem == InputBlocks.Count * rowCount;
        if (hasWholeRows && Augmenter is null)
        {
            Rows.Gather(rows, _upcoming.Span, _pass.Batch, 0, rowCount);
        }

        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            int first = Math.Max(firstItem - inputBlock * rowCount, 0), end = Math.Min(endItem - inputBlock * rowCount, rowCount);
            if (first < end)
            {
                if (!hasWholeRows && Augmenter is null)
                {
                    Rows.Gather(rows, _upcoming.Span, _pass.Batch, inputBlock, first, end);
                }

                _pass.DropInputs(rows, inputBlock, first, end, _scratch[worker]);
                _pass.NumberInputs(inputBlock, first, end, _scratch[worker]);
                _pass.ComputePreActivations(inputBlock, _panels, first, end);
            }
        }
    }

    private void RowPhase(int worker)
    {
        (int first, int end) = _team.GetRange(worker, _pass.Batch.RowCount);
        if (first == end)
        {
            return;
        }

        GatherLabels(first, end);
        _pass.ComputeActivations(_panels, first, end);
        _pass.DropHidden(_slice.Span, _panels, first, end);
        _pass.ComputeLogits(first, end);
        _pass.ComputeLosses(first, end, _scale);
        _pass.ComputeHiddenGradients(_panels, first, end);
    }

    private void GatherLabels(int first, int end)
    {
        Rows.GatherLabels(_slice.Span, _pass.Batch, first, end);
        for (int r = first; r < end && _classWeights is not null; r++)
        {
            _pass.Batch.Weights[r] *= _classWeights[_pass.Batch.Labels[r]];
        }
    }

    private void ParameterPhase(int worker)
    {
        WorkerScratch scratch = _scratch[worker];
        (int firstInput, int endInput) = _idle is null ? _inputPartition.GetRange(worker, _team.ActiveCount)
            : _team.GetRange(worker, _idle.Batch.Count);
        _pass.ComputeHiddenWeightGradients(_panels, firstInput, endInput, scratch, _sink);
        (int first, int end) = _team.GetRange(worker, _parameters.Shape.HiddenUnits);
        _pass.ComputeOutputWeightGradients(first, end, scratch, _sink);
        if (worker == 0)
        {
            _pass.ComputeHiddenBiasGradients(_panels, scratch, _sink);
            _pass.ComputeOutputBiasGradients(scratch, _sink);
            _result = _result.Add(_pass.Workspace, _pass.Batch);                   // in this phase no other worker needs it
        }

        if (_accumulator is null)
        {
            _pass.TransposeOutputWeights(first, end);
        }
    }
}
