namespace MnistMlNet.Benchmarks.Tables;

/// <summary>What the learners came to on one table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Ours">Ours, mean of the repetitions.</param>
/// <param name="Peers">The peers that ran, mean of the repetitions.</param>
internal sealed record TableResult(BenchmarkTable Table, Measures Ours, IReadOnlyList<(ILearner Learner, Measures Measures)> Peers)
{
    // Less than that is the number of digits, not a difference.
    private const double Tie = 1e-4;

    /// <summary>Gets the rank of ours by log-loss among all peers that count; 1 is best. Null without peers.</summary>
    public int? LogLossRank => Counted.Count == 0 ? null : 1 + Counted.Count(peer => peer.LogLoss < Ours.LogLoss - Tie);

    /// <summary>Gets the rank of ours by accuracy among all peers that count. Null without peers.</summary>
    public int? AccuracyRank => Counted.Count == 0 ? null : 1 + Counted.Count(peer => peer.Accuracy > Ours.Accuracy + Tie);

    /// <summary>Gets ours by the best linear or neural peer; below 1 ours is better. Null without such a peer.</summary>
    public double? LogLossRatio => Close.Count == 0 ? null : Ours.LogLoss / Close.Min(peer => peer.LogLoss);

    /// <summary>Gets how much more accurate the best linear or neural peer is.</summary>
    public double? AccuracyGap => Close.Count == 0 ? null : Close.Max(peer => peer.Accuracy) - Ours.Accuracy;

    private IReadOnlyList<Measures> Counted => Of(LearnerKind.LinearOrNeural, LearnerKind.Trees);

    private IReadOnlyList<Measures> Close => Of(LearnerKind.LinearOrNeural);

    private Measures[] Of(params IReadOnlyList<LearnerKind> kinds) =>
        [.. Peers.Where(peer => kinds.Contains(peer.Learner.Kind)).Select(peer => peer.Measures)];
}
