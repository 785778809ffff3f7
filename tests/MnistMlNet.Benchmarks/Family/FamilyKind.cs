namespace MnistMlNet.Benchmarks.Family;

/// <summary>What ours is compared with.</summary>
internal enum FamilyKind
{
    /// <summary>Linear: ours should be at most 5 % worse than the best of these.</summary>
    Linear,

    /// <summary>A network; it counts for the ranks.</summary>
    Network,

    /// <summary>Boosted trees; they count for the ranks.</summary>
    Trees,

    /// <summary>Its options aren't its defaults: shown, not counted.</summary>
    NotDefault,
}
