namespace MnistMlNet.Benchmarks.Tables;

/// <summary>A way to get probabilities for every row of a table from a model that didn't see the row.</summary>
internal interface ILearner
{
    string Name { get; }

    /// <summary>Gets what its results depend on besides the data; a part of the cache's key. Null where it can't run.</summary>
    string? Version { get; }

    /// <summary>Gets why it can't run, and what to install.</summary>
    string WhyNot { get; }

    LearnerKind Kind { get; }

    /// <summary>Gives the probabilities by repetition, row and class.</summary>
    float[][][] Predict(BenchmarkTable table, TableRows rows);
}
