using System.Globalization;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>The result of a run.</summary>
internal sealed record FuzzReport(string Target, int Cases, int Accepted, IReadOnlyDictionary<string, int> Refused, long MostBytesAboveFile,
    TimeSpan Slowest, IReadOnlyList<string> Failures)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Target}: {Cases} cases, {Accepted} valid, "
            + $"{string.Join(", ", Refused.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value} {pair.Key}"))}; "
        + $"at most {MostBytesAboveFile / 1048576.0:F1} MiB above the file's size, {Slowest.TotalMilliseconds:F0} ms of processor time; "
            + $"{Failures.Count} failures");
}
