namespace MnistMlNet;

/// <summary>How a training run went; saved and loaded with the model.</summary>
public sealed class TrainingHistory
{
    internal TrainingHistory(IReadOnlyList<TrainingEpoch> epochs, int bestEpoch, string stopReason, long rowsTrained, long rowsSkipped, int batchSize)
    {
        Epochs = epochs;
        BestEpoch = bestEpoch;
        StopReason = stopReason;
        RowsTrained = rowsTrained;
        RowsSkipped = rowsSkipped;
        BatchSize = batchSize;
    }

    /// <summary>Gets the epochs in order.</summary>
    public IReadOnlyList<TrainingEpoch> Epochs { get; }

    /// <summary>Gets the number of the epoch, from 1, with the least validation loss, or the least training loss without validation data; 0 if there was no epoch.</summary>
    public int BestEpoch { get; }

    /// <summary>Gets why training ended, in words.</summary>
    public string StopReason { get; }

    /// <summary>Gets the number of rows trained on.</summary>
    public long RowsTrained { get; }

    /// <summary>Gets the number of rows left out: missing label, feature not finite, or weight not a finite number above 0.</summary>
    public long RowsSkipped { get; }

    /// <summary>Gets the rows of one step, given or chosen.</summary>
    public int BatchSize { get; }

    internal static TrainingHistory Create(IReadOnlyList<TrainingEpoch> epochs, string stopReason, long rowsTrained, long rowsSkipped, int batchSize) =>
        new(epochs, epochs.MinBy(epoch => epoch.ValidationLoss ?? epoch.TrainLoss)?.Epoch ?? 0, stopReason, rowsTrained, rowsSkipped, batchSize);
}
