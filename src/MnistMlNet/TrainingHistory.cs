using System.Diagnostics;
using System.Globalization;

namespace MnistMlNet;

/// <summary>The record of a training run; saved and loaded with the model.</summary>
[DebuggerDisplay("{OneLine,nq}")]
public sealed class TrainingHistory
{
    internal TrainingHistory(
        IReadOnlyList<TrainingEpoch> epochs, int bestEpoch, Stop stop, long rowsTrained, long rowsSkipped, int batchSize,
        IReadOnlyList<KeyValuePair<string, string>>? options = null, RegularizationSearchResult? regularizationSearch = null)
    {
        Options = options ?? [];
        RowsTrained = rowsTrained;
        Epochs = [.. epochs.Select(WithTotals)];
        BestEpoch = bestEpoch;
        StopReason = stop.Reason;
        StopDescription = stop.Description;
        RowsSkipped = rowsSkipped;
        BatchSize = batchSize;
        RegularizationSearch = regularizationSearch;
    }

    /// <summary>Gets the history of a model that wasn't trained here.</summary>
    internal static TrainingHistory None { get; } = new([], 0, Stop.EpochLimit, 0, 0, 0);

    /// <summary>Gets the epochs in order.</summary>
    public IReadOnlyList<TrainingEpoch> Epochs { get; }

    /// <summary>
    /// Gets the number of the epoch, from 1, with the best <c>EarlyStoppingMetric</c>: that of the validation rows, or of the training rows
    /// without validation data.
    /// </summary>
    /// <value>0 if the metric wasn't finite in any epoch.</value>
    public int BestEpoch { get; }

    /// <summary>Gets why training ended.</summary>
    public StopReason StopReason { get; }

    /// <summary>Gets why training ended, as a sentence with the numbers that caused it.</summary>
    public string StopDescription { get; }

    /// <summary>Gets the number of rows used for training.</summary>
    public long RowsTrained { get; }

    /// <summary>
    /// Gets the number of rows that were skipped because the label is missing, a feature isn't finite, or the weight isn't a finite number
    /// above 0.
    /// </summary>
    public long RowsSkipped { get; }

    /// <summary>Gets the number of rows of one step, as given in the options or chosen by the trainer.</summary>
    public int BatchSize { get; }

    /// <summary>
    /// Gets the options of this training, by name, as invariant text. Options that were null, the seed included, have the value that the
    /// trainer chose.
    /// </summary>
    /// <value>
    /// In the order of <see cref="TwoLayerNetworkTrainer.Options"/>. Of a callback or a data view, the text only says that it was given.
    /// </value>
    public IReadOnlyList<KeyValuePair<string, string>> Options { get; }

    /// <summary>Gets the strengths of L2 regularization that were compared before training, and the one that was chosen.</summary>
    /// <value>
    /// Null where nothing was searched: <see cref="TwoLayerNetworkOptions.L2Regularization"/> was given, the table isn't small, or
    /// the optimizer isn't L-BFGS.
    /// </value>
    public RegularizationSearchResult? RegularizationSearch { get; }

    private string OneLine => ModelSummary.OneLine(this);

    /// <summary>
    /// Writes a table of the epochs: a line of names, then one line an epoch with losses, accuracies, RMSE and R², the learning rate and
    /// the elapsed seconds. Numbers are invariant; a cell is empty where the task or the training doesn't have that number.
    /// </summary>
    /// <param name="path">The file to write; an existing one is replaced only when the new one is complete.</param>
    /// <exception cref="IOException">The file can't be written; the message names it, and an existing file stays unchanged.</exception>
    public void SaveCsv(string path) => TrainingHistoryFiles.SaveCsv(this, path);

    /// <summary>
    /// Writes all as one JSON object: rows, the reason for the end, options by name, and an array of the epochs. A number is <c>null</c>
    /// where the task or the training doesn't have it, or where it isn't finite.
    /// </summary>
    /// <param name="path">The file to write; an existing one is replaced only when the new one is complete.</param>
    /// <exception cref="IOException">The file can't be written; the message names it, and an existing file stays unchanged.</exception>
    public void SaveJson(string path) => TrainingHistoryFiles.SaveJson(this, path);

    /// <summary>
    /// Gives a summary of some lines: epochs, time, rows, why training ended, the last and the best results, and the options that aren't
    /// the defaults. Numbers are invariant.
    /// </summary>
    /// <returns>The summary.</returns>
    public override string ToString() => ModelSummary.Of(this);

    // A file has these numbers once, not with each epoch.
    private TrainingEpoch WithTotals(TrainingEpoch epoch)
    {
        string? epochs = Options.FirstOrDefault(pair => pair.Key == nameof(TwoLayerNetworkOptions.NumberOfEpochs)).Value;
        return int.TryParse(epochs, NumberStyles.None, CultureInfo.InvariantCulture, out int total)
            ? epoch with { TotalEpochs = total, RowCount = RowsTrained }
            : epoch;
    }
}
