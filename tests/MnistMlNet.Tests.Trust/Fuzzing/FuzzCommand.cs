using Microsoft.ML;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>All targets, one after the other.</summary>
internal static class FuzzCommand
{
    /// <param name="payloads">The number of damaged payloads; of zips and checkpoints there are a fortieth, of npz, IDX and PNG files a
    /// tenth as many.</param>
    public static IEnumerable<FuzzReport> Run(int payloads, int seed)
    {
        var mlContext = new MLContext(seed: 1);
        var models = new FuzzModels(mlContext);
        using var npz = new NpzTarget();
        using var idx = new IdxTarget(mlContext);
        using var checkpoints = new CheckpointTarget(mlContext);
        yield return FuzzRun.Run(new PayloadTarget(mlContext, models), payloads, seed);
        yield return FuzzRun.Run(new ZipTarget(mlContext, models), payloads / 40, seed);
        yield return FuzzRun.Run(npz, payloads / 10, seed);
        yield return FuzzRun.Run(idx, payloads / 10, seed);
        yield return FuzzRun.Run(checkpoints, payloads / 40, seed);
        yield return FuzzRun.Run(new PngTarget(), payloads / 10, seed);
    }
}
