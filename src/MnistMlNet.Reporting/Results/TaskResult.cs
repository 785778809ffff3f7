namespace MnistMlNet.Reporting.Results;

/// <summary>The labels and predictions of the test rows that have a usable label.</summary>
internal abstract class TaskResult
{
    /// <summary>Gets the position of each used row in the test data, from 1.</summary>
    public required IReadOnlyList<long> Rows { get; init; }

    /// <summary>Gets the number of rows without a usable label or with features that aren't finite.</summary>
    public required long SkippedRows { get; init; }

    /// <summary>Gets the loss of the test rows in the unit of the training loss; null where the units differ.</summary>
    public abstract double? Loss { get; }

    /// <summary>Gets the most important numbers, the main one first.</summary>
    public abstract IReadOnlyList<Fact> Measures { get; }
}
