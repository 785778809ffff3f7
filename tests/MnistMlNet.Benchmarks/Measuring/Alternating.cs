namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>
/// Measures the sides alternately, round after round, so that a temporary disturbance of the machine affects all of them.
/// </summary>
internal static class Alternating
{
    /// <summary>
    /// OpenMP's and ONNX Runtime's threads spin for some milliseconds after their work; this must not slow the next side down.
    /// </summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <param name="rounds">How often each side runs. Each round starts with a different side.</param>
    /// <param name="sides">The sides, already warmed up.</param>
    public static Measurement[] Run(int rounds, params IReadOnlyList<Side> sides)
    {
        List<double>[] seconds = [.. sides.Select(_ => new List<double>(rounds))];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < sides.Count; i++)
            {
                int side = (round + i) % sides.Count;
                GC.Collect();
                Thread.Sleep(s_pause);
                seconds[side].Add(sides[side].Run());
            }
        }

        return [.. sides.Select((side, i) => Measurement.Of(side.Name, seconds[i]))];
    }
}
