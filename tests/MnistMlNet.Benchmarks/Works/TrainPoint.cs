namespace MnistMlNet.Benchmarks.Works;

/// <summary>One size of training.</summary>
/// <param name="Hidden">H.</param>
/// <param name="Batch">Rows of a batch.</param>
/// <param name="TargetOn1">The target ratio of issue 3 on MNIST with one thread; 0 where there is none.</param>
/// <param name="TargetOn2">The same with two threads.</param>
internal sealed record TrainPoint(int Hidden, int Batch, double TargetOn1, double TargetOn2)
{
    public static IReadOnlyList<TrainPoint> All { get; } =
    [
        new(32, 64, 10, 14), new(32, 256, 0, 0), new(32, 1024, 3, 3),
        new(128, 128, 5, 5), new(800, 128, 3, 3), new(800, 1024, 1.5, 1.5),
    ];

    /// <summary>On other data the only target is not to be slower.</summary>
    public double Target(bool isMnist, int threads) => !isMnist ? 1 : threads == 1 ? TargetOn1 : TargetOn2;
}
