namespace MnistMlNet.Benchmarks.Works;

/// <summary>Picks points of a work; an empty list picks all.</summary>
internal sealed record PointFilter(IReadOnlyList<string> Data, IReadOnlyList<int> Hidden, IReadOnlyList<int> Batch,
    IReadOnlyList<int> Threads)
{
    public bool TakesData(string name) => Data.Count == 0 || Data.Contains(name, StringComparer.OrdinalIgnoreCase);

    public bool TakesHidden(int units) => Takes(Hidden, units);

    public bool TakesBatch(int size) => Takes(Batch, size);

    public bool TakesThreads(int count) => Takes(Threads, count);

    private static bool Takes(IReadOnlyList<int> list, int value) => list.Count == 0 || list.Contains(value);
}
