namespace MnistMlNet.Reporting.Results;

/// <summary>Recall, precision and F1 of each class, from the counts of a confusion matrix.</summary>
/// <param name="confusion">Counts by <c>[truth][prediction]</c>.</param>
internal sealed class ClassScores(IReadOnlyList<IReadOnlyList<double>> confusion)
{
    public double Total { get; } = confusion.Sum(row => row.Sum());

    public double RightTotal { get; } = confusion.Select((row, truth) => row[truth]).Sum();

    public double Accuracy => RightTotal / Total;

    /// <summary>The mean of the recall over the classes that have rows.</summary>
    public double MeanRecall =>
        Enumerable.Range(0, confusion.Count).Where(label => RowsOf(label) > 0).Select(Recall).DefaultIfEmpty().Average();

    public double RowsOf(int label) => confusion[label].Sum();

    /// <summary>The fraction of the rows of this class that were classified correctly; NaN if there are none.</summary>
    public double Recall(int label) => confusion[label][label] / RowsOf(label);

    /// <summary>The fraction of the predictions of this class that are correct; NaN if there are none.</summary>
    public double Precision(int label) => confusion[label][label] / confusion.Sum(row => row[label]);

    /// <summary>The harmonic mean of recall and precision; NaN without rows and predictions of the class.</summary>
    public double F1(int label) => 2 * confusion[label][label] / (RowsOf(label) + confusion.Sum(row => row[label]));
}
