using System.Globalization;
using Microsoft.ML;
using MnistMlNet;
using MnistMlNet.Mnist;

namespace DigitPad.Model;

/// <summary>Loads the model, or trains and saves one, and measures it. The server answers requests in the meantime.</summary>
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
            (PadModel model, string origin) = File.Exists(settings.ModelPath)
                ? (PadPipeline.Load(_mlContext, settings.ModelPath), $"Loaded {Path.GetFileName(settings.ModelPath)}.")
                : (Train(stoppingToken), "Trained and saved.");
            TrainingState trained = store.State;
            List<string> message = [origin];
            TestResult? test = Try(message, "test accuracy", () => TestResult.Measure(model, DigitRow.Read(Digits("t10k"))));
            if (test is not null)
            {
                message.Add(string.Create(CultureInfo.InvariantCulture,
                    $"It reads {test.Accuracy * 100:F2} % of {test.Digits:N0} test digits correctly."));
            }

            DigitShape? shape = Try(message, "rule for what looks like a digit", () => Shape(message, stoppingToken));
            store.Set(model, test, shape, trained with
            {
                Phase = "ready",
                TestAccuracy = test?.Accuracy,
                TestDigits = test?.Digits,
                Message = string.Join(' ', message),
            });

            // The memory of the digits is not needed any more; this returns it to the system.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
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

    private PadModel Train(CancellationToken stoppingToken)
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
        PadModel model = PadPipeline.Network(_mlContext, chain);
        _mlContext.Model.SaveAtomic(chain, train.Schema, settings.ModelPath);
        return model;
    }

    private DigitShape Shape(List<string> message, CancellationToken stoppingToken)
    {
        string path = Path.ChangeExtension(settings.ModelPath, ".shape.npz");
        if (File.Exists(path))
        {
            return DigitShape.Load(path);
        }

        DigitImage[] digits = [.. DigitRow.Read(Digits("train")).Select(digit => digit.Copy())];
        int epochs = Math.Min(settings.Epochs ?? DigitShape.DefaultEpochs, DigitShape.DefaultEpochs);
        Report(0);
        DigitShape shape = DigitShape.Train(_mlContext, digits, epochs, epoch => Report(epoch.Epoch), stoppingToken);
        try
        {
            shape.Save(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A model may be in a folder that can't be written to. The rule works, and is only trained again at the next start.
            message.Add($"'{path}' is not saved: {e.Message}");
        }

        return shape;

        void Report(int epoch) => store.Report(new TrainingState("training", epoch, epochs, null, null, null,
            $"A second network learns what looks like a digit: pass {epoch} of {epochs} is done."));
    }

    // A loaded model works without MNIST's files; what they would give is unknown then, and the message names the file that is missing.
    private static T? Try<T>(List<string> message, string what, Func<T> measure)
        where T : class
    {
        try
        {
            return measure();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            message.Add($"There is no {what}: {e.Message}");
            return null;
        }
    }

    private IDataView Digits(string set) => _mlContext.Data.LoadFromIdx(
        Path.Combine(settings.IdxFolder, $"{set}-images-idx3-ubyte.gz"), Path.Combine(settings.IdxFolder, $"{set}-labels-idx1-ubyte.gz"));

    [LoggerMessage(Level = LogLevel.Information, Message = "{Message}")]
    private static partial void LogReady(ILogger logger, string message);

    [LoggerMessage(Level = LogLevel.Error, Message = "There is no model: {Message}")]
    private static partial void LogFailed(ILogger logger, string message);
}
