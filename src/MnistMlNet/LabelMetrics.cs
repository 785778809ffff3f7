namespace MnistMlNet;

/// <summary>How well one label of a multi-label classification is predicted.</summary>
/// <remarks>
/// With the numbers of true positives TP, false positives FP and false negatives FN over the rows whose entry for this label is known. A
/// ratio of 0 to 0 is 0, as with scikit-learn's <c>zero_division=0</c>.
/// </remarks>
public sealed class LabelMetrics
{
    internal LabelMetrics(string name, double precision, double recall, double f1, long support, long rowCount)
    {
        Name = name;
        Precision = precision;
        Recall = recall;
        F1 = f1;
        Support = support;
        RowCount = rowCount;
    }

    /// <summary>Gets the name of the label: its slot name in the label column, else in the probability column, else its index from
    /// 0.</summary>
    public string Name { get; }

    /// <summary>Gets TP / (TP + FP): how many of the predicted ones are right.</summary>
    /// <value>0 to 1; NaN without a known entry.</value>
    public double Precision { get; }

    /// <summary>Gets TP / (TP + FN): how many of the present ones are predicted.</summary>
    /// <value>0 to 1; NaN without a known entry.</value>
    public double Recall { get; }

    /// <summary>Gets F1 = 2TP / (2TP + FP + FN), the harmonic mean of precision and recall.</summary>
    /// <value>0 to 1; NaN without a known entry.</value>
    public double F1 { get; }

    /// <summary>Gets the number of rows that have the label, TP + FN.</summary>
    public long Support { get; }

    /// <summary>Gets the number of rows whose entry for this label is known.</summary>
    public long RowCount { get; }
}
