using Microsoft.ML;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>A training that writes checkpoints to a folder of its own, for tests that interrupt and resume it.</summary>
public abstract class CheckpointedTraining : IDisposable
{
    private protected const int Epochs = 7;

    private readonly TemporaryFolder _folder = new();

    private protected MLContext MLContext { get; } = new(seed: 1);

    private protected IDataView Data => field ??= Examples.Keyed(MLContext, Examples.Rows(60));

    private protected string Folder => _folder.Path;

    private protected string Path => _folder.File("run.checkpoint");

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Trains until the epoch after the given one has ended but its checkpoint isn't written yet.</summary>
    private protected void Interrupt(Action<Options> change, int epochs, IDataView? data = null) => Assert.Throws<TimeoutException>(() =>
        Fit(
        options =>
        {
            change(options);
            options.CheckpointPath = Path;
            options.EpochCallback = epoch =>
                _ = epoch.Epoch <= Math.Max(epochs, options.CheckpointInterval) ? 0 : throw new TimeoutException();
        },
        data));

    private protected void Resume(Options options, Action<Options> change)
    {
        change(options);
        (options.CheckpointPath, options.ResumeFromCheckpoint) = (Path, true);
    }

    private protected TwoLayerNetworkTransformer Fit(Action<Options> change, IDataView? data = null) =>
        Examples.Trainer(MLContext, options =>
    {
        options.NumberOfEpochs = Epochs;
        change(options);
        options.CheckpointInterval = options.CheckpointPath is null ? 1 : options.CheckpointInterval;
    }).Fit(data ?? Data);
}
