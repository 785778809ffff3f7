
namespace MnistMlNet;

/// <summary>How a training run went; saved and loaded with the model.</summary>
public sealed class TrainingHistory
{
    internal TrainingHistory(
        IReadOnlyList<TrainingEpoch> epochs, int bestEpoch, Stop stop, long rowsTrained, long rowsSkipped, int batchSize,
        IReadOnlyList<KeyValuePair<string, string>>? options = null, RegularizationSearchResult? regularizationSearch = null)
    {
        Epochs = epochs;
        BestEpoch = bestEpoch;
        StopReason = stop.Reason;
        StopDescription = stop.Description;
        RowsTrained = rowsTrained;
        RowsSkipped = rowsSkipped;
        BatchSize = batchSize;
        Options = options ?? [];
        RegularizationSearch = regularizationSearch;
    }

    /// <summary>Gets the epochs in order.</summary>
    public IReadOnlyList<TrainingEpoch> Epochs { get; }

    /// <summary>
    /// Gets the number of the epoch, from 1, with the best <c>EarlyStoppingMetric</c>: of the validation rows, or of the training rows
    /// without validation data.
    /// </summary>
    /// <value>0 if no epoch had a finite value: such an epoch is never the best.</value>
    public int BestEpoch { get; }

    /// <summary>Gets why training ended.</summary>
    public StopReason StopReason { get; }

    /// <summary>Gets why training ended, in words and with the numbers that decided it.</summary>
    public string StopDescription { get; }

    /// <summary>Gets the number of rows trained on.</summary>
    public long RowsTrained { get; }

    /// <summary>Gets the number of rows left out: missing label, feature not finite, or weight not a finite number above 0.</summary>
    public long RowsSkipped { get; }

    /// <summary>Gets the rows of one step, given or chosen.</summary>
    public int BatchSize { get; }

    /// <summary>
    /// Gets the options that made the model, by name, as invariant text; those that were left open with what was chosen for them, the seed
    /// included.
    /// </summary>
    /// <value>
    /// In the order of <see cref="TwoLayerNetworkTrainer.Options"/>. Callbacks and data views are only said to have been there.
    /// </value>
    public IReadOnlyList<KeyValuePair<string, string>> Options { get; }

    /// <summary>Gets the strengths of L2 regularization that were compared before training, and the one that was chosen.</summary>
    /// <value>
    /// Null where nothing was searched: <see cref="TwoLayerNetworkTrainer.Options.L2Regularization"/> was given, the table isn't small, or
    /// the optimizer isn't L-BFGS.
    /// </value>
    public RegularizationSearchResult? RegularizationSearch { get; }
}
