namespace MnistMlNet.Reporting.Results;

/// <summary>How often a label was predicted and how often it was true.</summary>
internal sealed record LabelCounts(int TruePositives, int FalsePositives, int FalseNegatives, int TrueNegatives)
{
    public int Total => TruePositives + FalsePositives + FalseNegatives + TrueNegatives;

    /// <summary>NaN where the label is never true.</summary>
    public double Recall => (double)TruePositives / (TruePositives + FalseNegatives);

    /// <summary>NaN where the label is never predicted.</summary>
    public double Precision => (double)TruePositives / (TruePositives + FalsePositives);

    /// <summary>NaN where the label is neither true nor predicted.</summary>
    public double F1 => 2d * TruePositives / ((2 * TruePositives) + FalsePositives + FalseNegatives);
}
