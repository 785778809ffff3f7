namespace MnistMlNet.Benchmarks.Tables;

/// <summary>What ours is compared with.</summary>
internal enum LearnerKind
{
    /// <summary>Linear or a network: ours should be close to the best of these everywhere.</summary>
    LinearOrNeural,

    /// <summary>Boosted trees: they count for the ranks.</summary>
    Trees,

    /// <summary>Its options aren't its defaults: shown, not counted.</summary>
    NotDefault,
}
