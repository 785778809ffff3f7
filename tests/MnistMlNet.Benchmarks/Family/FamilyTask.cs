namespace MnistMlNet.Benchmarks.Family;

/// <summary>What is predicted.</summary>
internal enum FamilyTask
{
    /// <summary>One number or several.</summary>
    Regression,

    /// <summary>A number that is 0 or above: trainers for counts run as well.</summary>
    Counts,

    /// <summary>0 or 1.</summary>
    Binary,

    /// <summary>Several labels, each 0 or 1.</summary>
    Multilabel,
}
