namespace MnistMlNet.Benchmarks.Works;

/// <summary>One size of training.</summary>
/// <param name="Hidden">H.</param>
/// <param name="Batch">Rows of a step.</param>
/// <param name="WantedOn1">The ratio that issue 3 asks for on MNIST with one thread; 0 where it names none.</param>
/// <param name="WantedOn2">The same with two threads.</param>
internal sealed record TrainPoint(int Hidden, int Batch, double WantedOn1, double WantedOn2)
{
    public static IReadOnlyList<TrainPoint> All { get; } =
    [
        new(32, 64, 10, 14), new(32, 256, 0, 0), new(32, 1024, 3, 3),
        new(128, 128, 5, 5), new(800, 128, 3, 3), new(800, 1024, 1.5, 1.5),
    ];

    /// <summary>On other data the wish is only never to be slower.</summary>
    public double Wanted(bool isMnist, int threads) => !isMnist ? 1 : threads == 1 ? WantedOn1 : WantedOn2;
}
