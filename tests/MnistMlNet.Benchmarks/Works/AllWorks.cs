using MnistMlNet.Benchmarks.Peers;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>The works in the order in which they run.</summary>
internal static class AllWorks
{
    public static IReadOnlyList<IWork> List { get; } =
        [new TrainWork(), new NativeWork(ProductLibrary.OneDnn), new NativeWork(ProductLibrary.OpenBlas), new PredictWork(), new RowWork(),
            new MlNetWork(), new TrainersWork(), new ThreadsWork(), new AugmentWork(), new FitWork(), new MemoryWork(), new StreamWork(),
            new CurveWork(), new WideWork()];
}
