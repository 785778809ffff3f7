namespace MnistMlNet.Benchmarks.Family;

/// <summary>A way to get outputs for every row of a table from a model that didn't see the row.</summary>
internal interface IFamilyLearner
{
    string Name { get; }

    /// <summary>Gets what its results depend on besides the data. Null where it can't run.</summary>
    string? Version { get; }

    /// <summary>Gets why it can't run, and what to install.</summary>
    string WhyNot { get; }

    FamilyKind Kind { get; }

    /// <summary>Whether it is made for the table's task.</summary>
    bool Fits(FamilyTable table);

    /// <summary>Gives the outputs by repetition, row and target: values, or probabilities of 1.</summary>
    float[][][] Predict(FamilyTable table, FamilyRows rows);
}
