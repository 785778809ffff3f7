using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Reporting.Results;

/// <summary>The result of a model of several labels that each apply to a row or not.</summary>
internal sealed class LabelResult : TaskResult
{
    private const double MinProbability = 1e-15;

    public required IReadOnlyList<string> LabelNames { get; init; }

    /// <summary>The truth of each row, one number a label: 1, 0, or NaN where it isn't known.</summary>
    public required IReadOnlyList<float[]> Labels { get; init; }

    /// <summary>The probability of each label, a row.</summary>
    public required IReadOnlyList<float[]> Probabilities { get; init; }

    /// <summary>The probability from which each label is predicted.</summary>
    public required IReadOnlyList<float> Thresholds { get; init; }

    /// <summary>The counts of each label.</summary>
    public IReadOnlyList<LabelCounts> Counts => field ??= [.. Enumerable.Range(0, LabelNames.Count).Select(CountsOf)];

    /// <summary>The fraction of the known labels that were predicted as they are.</summary>
    public double Accuracy => (double)Counts.Sum(count => count.TruePositives + count.TrueNegatives) / Counts.Sum(count => count.Total);

    /// <summary>How well the probabilities of all labels together agree with the frequencies.</summary>
    public Calibration Calibration => field ??= Calibration.Of(Known().Select(entry => (entry.Probability, entry.IsTrue)));

    /// <summary>The mean cross-entropy of all known labels, in nats.</summary>
    public override double? Loss => Known().Select(entry =>
        -Math.Log(Math.Max(entry.IsTrue ? entry.Probability : 1 - entry.Probability, MinProbability))).DefaultIfEmpty(double.NaN).Average();

    /// <inheritdoc/>
    public override IReadOnlyList<Fact> Measures
    {
        get
        {
            LabelCounts all = new(
                Counts.Sum(count => count.TruePositives), Counts.Sum(count => count.FalsePositives),
                Counts.Sum(count => count.FalseNegatives), Counts.Sum(count => count.TrueNegatives));
            return
            [
                new("micro F1", PageNumber.Percent(all.F1, 2)),
                new("macro F1", PageNumber.Percent(Counts.Average(count => double.IsNaN(count.F1) ? 0 : count.F1), 2)),
                new("wrong labels", $"{all.FalsePositives + all.FalseNegatives:N0} of {all.Total:N0}"),
                new("test log-loss", $"{Loss:F4} nats"),
                new("calibration error", PageNumber.Percent(Calibration.ExpectedError, 2)),
            ];
        }
    }

    public bool IsPredicted(int row, int label) => Probabilities[row][label] >= Thresholds[label];

    private LabelCounts CountsOf(int label)
    {
        int[] counts = new int[4];
        for (int row = 0; row < Labels.Count; row++)
        {
            if (!float.IsNaN(Labels[row][label]))
            {
                counts[(Labels[row][label] > 0 ? 0 : 1) + (IsPredicted(row, label) ? 0 : 2)]++;
            }
        }

        return new LabelCounts(counts[0], counts[1], counts[2], counts[3]);
    }

    private IEnumerable<(float Probability, bool IsTrue)> Known() =>
        from row in Enumerable.Range(0, Labels.Count)
        from label in Enumerable.Range(0, LabelNames.Count)
        where !float.IsNaN(Labels[row][label])
        select (Probabilities[row][label], Labels[row][label] > 0);
}
