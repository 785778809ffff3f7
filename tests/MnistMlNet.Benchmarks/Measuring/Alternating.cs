namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>Measures sides in turn, round after round, so that what disturbs the machine for a while disturbs all of them.</summary>
internal static class Alternating
{
    /// <summary>
    /// OpenMP's and ONNX Runtime's threads spin for some milliseconds after their work; the next side mustn't pay for it.
    /// </summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <param name="rounds">How often each side runs. The first side of a round is another one each time.</param>
    /// <param name="sides">Already warm.</param>
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
