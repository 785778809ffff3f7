using System.Globalization;

namespace MnistMlNet.Tests.Trust.Comparing;

/// <summary>The result of comparing trainings with NumPy's.</summary>
/// <param name="Cases">Trainings compared.</param>
/// <param name="Plain">Those that agree within the rounding of single sums.</param>
/// <param name="Sensitive">Those that agree within the effect of rounding on this training, measured by rounding NumPy's own.</param>
/// <param name="Chaotic">Those in which rounding alone changes so much that the comparison is meaningless.</param>
/// <param name="Failures">The others, a line each.</param>
internal sealed record CompareReport(int Cases, int Plain, int Sensitive, int Chaotic, IReadOnlyDictionary<string, int> Covered,
    IReadOnlyList<string> Failures)
{
    public CompareReport Add(CompareReport other) => new(
        Cases + other.Cases, Plain + other.Plain, Sensitive + other.Sensitive, Chaotic + other.Chaotic,
        Covered.Concat(other.Covered).GroupBy(pair => pair.Key).ToDictionary(pairs => pairs.Key, pairs => pairs.Sum(pair => pair.Value)),
        [.. Failures, .. other.Failures]);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Cases} trainings compared with NumPy's: {Plain} agree within rounding, {Sensitive} within what rounding makes of them, "
            + $"{Chaotic} say nothing; {Failures.Count} failures")
        + Environment.NewLine + "of them "
            + string.Join(", ", Covered.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"));
}
