using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;
using MnistMlNet.Mnist;

namespace DigitPad.Model;

/// <summary>Loads the model, or trains and saves one. The server answers requests in the meantime.</summary>
internal sealed partial class ModelStartup(PadSettings settings, ModelStore store, ILogger<ModelStartup> logger) : BackgroundService
{
    // A user waits during the first start, so this is two thirds of the 30 epochs that the trainer would choose. It is set here because the
    // page shows the number of epochs.
    private const int DefaultEpochs = 20;

    private readonly MLContext _mlContext = new(seed: 1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => Start(stoppingToken), CancellationToken.None);

    private void Start(CancellationToken stoppingToken)
    {
        try
        {
            if (File.Exists(settings.ModelPath))
            {
                store.Set(PadPipeline.Load(_mlContext, settings.ModelPath),
                    TrainingState.Of("ready", $"Loaded {Path.GetFileName(settings.ModelPath)}."));
            }
            else
            {
                Train(stoppingToken);

                // The memory of the training digits is not needed any more; this returns it to the system.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            }

            LogReady(logger, store.State.Message);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // The server keeps running, so that the page can show what is wrong.
            store.Report(TrainingState.Of("failed", e.Message));
            LogFailed(logger, e.Message);
        }
    }

    private void Train(CancellationToken stoppingToken)
    {
        int epochs = settings.Epochs ?? DefaultEpochs;
        store.Report(new TrainingState("training", 0, epochs, null, null, null, "Reading MNIST's training digits."));
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(settings.ModelPath))!);
        IDataView train = Digits("train");
        ITransformer chain = PadPipeline.Create(_mlContext, new TwoLayerNetworkTrainer.Options
        {
            HiddenUnits = settings.HiddenUnits,
            NumberOfEpochs = epochs,

            // People draw digits that are larger, slanted and off centre, so the network learns from digits that are distorted differently
            // in each epoch.
            Augmentation = Augmentation.Affine(MnistImage.Side, MnistImage.Side),
            CancellationToken = stoppingToken,
            EpochCallback = epoch => store.Report(new TrainingState(
                "training", epoch.Epoch, epochs, epoch.TrainLoss, epoch.TrainAccuracy, null,
                $"Pass {epoch.Epoch} of {epochs} over {train.GetRowCount():N0} digits is done.")),
        }).Fit(train);

        MulticlassClassificationMetrics metrics = _mlContext.MulticlassClassification.Evaluate(chain.Transform(Digits("t10k")));
        PadModel model = PadPipeline.Network(_mlContext, chain);
        _mlContext.Model.SaveAtomic(chain, train.Schema, settings.ModelPath);
        store.Set(model, store.State with
        {
            Phase = "ready",
            TestAccuracy = metrics.MicroAccuracy,
            Message = $"Trained and saved; reads {metrics.MicroAccuracy:P1} of the test digits.",
        });
    }

    private IDataView Digits(string set) => _mlContext.Data.LoadFromIdx(
        Path.Combine(settings.IdxFolder, $"{set}-images-idx3-ubyte.gz"), Path.Combine(settings.IdxFolder, $"{set}-labels-idx1-ubyte.gz"));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Message}")]
    private static partial void LogReady(ILogger logger, string message);

    [LoggerMessage(Level = LogLevel.Error, Message = "There is no model: {Message}")]
    private static partial void LogFailed(ILogger logger, string message);
}
