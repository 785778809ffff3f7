namespace MnistMlNet.Benchmarks.Family;

/// <summary>What the learners came to on one table, mean of the repetitions.</summary>
internal sealed record FamilyResult(
    FamilyTable Table, FamilyMeasures Ours, IReadOnlyList<(IFamilyLearner Learner, FamilyMeasures Measures)> Peers)
{
    // A smaller relative difference comes from rounding.
    private const double Tie = 1e-4;

    /// <summary>Gets the rank of ours among the peers that count; 1 is best. Null without peers.</summary>
    public int? Rank => Counted.Length == 0 ? null : 1 + Counted.Count(peer => peer.Measures.Loss < Ours.Loss * (1 - Tie));

    /// <summary>Gets ours divided by the best linear peer; below 1 ours is better. Null without such a peer.</summary>
    public double? LinearRatio => Ratio(peer => peer.Kind == FamilyKind.Linear);

    /// <summary>Gets ours divided by the best peer that counts. Null without peers.</summary>
    public double? BestRatio => Ratio(_ => true);

    private (IFamilyLearner Learner, FamilyMeasures Measures)[] Counted =>
        [.. Peers.Where(peer => peer.Learner.Kind != FamilyKind.NotDefault)];

    private double? Ratio(Func<IFamilyLearner, bool> isCompared)
    {
        FamilyMeasures[] compared = [.. Counted.Where(peer => isCompared(peer.Learner)).Select(peer => peer.Measures)];
        return compared.Length == 0 ? null : Ours.Loss / compared.Min(peer => peer.Loss);
    }
}
