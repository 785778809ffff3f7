using MnistMlNet.Primitives;

namespace MnistMlNet;

/// <summary>How well a multi-label classification predicts, where a row can have any number of labels.</summary>
/// <remarks>
/// Computed by <see cref="Microsoft.ML.MulticlassClassificationCatalogExtensions.EvaluateMultilabel"/>. An entry is one label of one row,
/// and it is missing if it is NaN. Missing entries don't count in any metric: a row is judged by its known entries, and a row without
/// one doesn't count. Without missing entries, the values are those of the functions of scikit-learn's <c>sklearn.metrics</c> that each
/// property names, with <c>zero_division=0</c>.
/// </remarks>
public sealed class MultilabelMetrics
{
    internal MultilabelMetrics(IReadOnlyList<LabelMetrics> labels, long rowCount, long missingEntryCount)
    {
        Labels = labels;
        RowCount = rowCount;
        MissingEntryCount = missingEntryCount;
        MacroF1 = labels.Where(label => label.RowCount > 0).Average(label => label.F1);
    }

    /// <summary>Gets the metrics of each label, in the order of the label column's values.</summary>
    public IReadOnlyList<LabelMetrics> Labels { get; }

    /// <summary>Gets the proportion of rows whose known entries are all predicted correctly (<c>accuracy_score</c>).</summary>
    /// <value>0 to 1; 1 is best.</value>
    public double SubsetAccuracy { get; internal init; }

    /// <summary>Gets the proportion of known entries that are predicted wrongly (<c>hamming_loss</c>).</summary>
    /// <value>0 to 1; 0 is best.</value>
    public double HammingLoss { get; internal init; }

    /// <summary>Gets F1 = 2TP / (2TP + FP + FN) over the known entries of all labels (<c>f1_score(average='micro')</c>).</summary>
    /// <value>0 to 1; 1 is best. Frequent labels dominate it.</value>
    public double MicroF1 { get; internal init; }

    /// <summary>Gets the mean of <see cref="LabelMetrics.F1"/> over the labels with a known entry
    /// (<c>f1_score(average='macro')</c>).</summary>
    /// <value>0 to 1; 1 is best. All labels weigh the same.</value>
    public double MacroF1 { get; }

    /// <summary>Gets the mean over the rows of the precision of the ranking by probability
    /// (<c>label_ranking_average_precision_score</c>).</summary>
    /// <value>
    /// Above 0, at most 1; 1 if each row gives all its labels higher probabilities than the others. For each label that the row has, it is
    /// the proportion of labels that the row has among those that are at least as probable; the mean of these is the value of the row. A
    /// row that has all or none of its known labels has 1. The decision thresholds don't matter. (Tsoumakas, Katakis and Vlahavas, Mining
    /// Multi-label Data, 2010.)
    /// </value>
    public double LabelRankingAveragePrecision { get; internal init; }

    /// <summary>Gets the mean over the known entries of −ln p for labels that the row has and −ln(1 − p) for the others, with the
    /// probability p (<c>log_loss</c> of all entries together).</summary>
    /// <value>0 or above, in nats; 0 is best. p is limited to 1e-15 … 1 − 1e-15, so that one entry costs at most 34.5.</value>
    public double LogLoss { get; internal init; }

    /// <summary>Gets the number of rows with at least one known entry.</summary>
    public long RowCount { get; }

    /// <summary>Gets the number of entries that are NaN.</summary>
    public long MissingEntryCount { get; }

    /// <summary>Returns a table with a line for each label, at most 20, and the metrics over all labels below it.</summary>
    public override string ToString() => string.Join('\n',
        TextTable.Format(
            ["label", "precision", "recall", "F1", "support"],
            [.. Labels.Select(label => new[]
            {
                label.Name, TextTable.Number(label.Precision), TextTable.Number(label.Recall), TextTable.Number(label.F1),
                TextTable.Number(label.Support),
            })]),
        "",
        TextTable.Format(
            ["all labels", ""],
            [
                ["micro F1", TextTable.Number(MicroF1)],
                ["macro F1", TextTable.Number(MacroF1)],
                ["subset accuracy", TextTable.Number(SubsetAccuracy)],
                ["Hamming loss", TextTable.Number(HammingLoss)],
                ["label-ranking average precision", TextTable.Number(LabelRankingAveragePrecision)],
                ["log-loss", TextTable.Number(LogLoss)],
                ["rows", TextTable.Number(RowCount)],
            ]));
}
