using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using MnistMlNet;
using MnistMlNet.Reporting;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>The training command: read, train, test, show, save.</summary>
internal sealed class TrainJob
{
    // The columns that the spinner takes before the text, and a width that no terminal wraps at.
    private const int SpinnerWidth = 3;

    private readonly TrainSettings _settings;
    private readonly CancellationToken _cancellationToken;
    private readonly MLContext _mlContext;
    private readonly List<KeyValuePair<string, string>> _timings = [];
    private TrainingStart? _start;

    public TrainJob(TrainSettings settings, CancellationToken cancellationToken)
    {
        _settings = settings;
        _cancellationToken = cancellationToken;
        _mlContext = new MLContext(settings.Seed);
        _mlContext.Log += (_, message) =>
        {
            if (message.Kind == ChannelMessageKind.Warning)
            {
                Screen.Warning(message.Message);
            }

            _start ??= TrainingStart.Parse(message.Message);
        };
    }

    /// <summary>Runs the command; the result is the program's exit code.</summary>
    public int Run()
    {
        // Reported now, not after the training.
        OutputFiles.Check(
            [("--model", _settings.ModelPath), ("--report", _settings.ReportPath)],
            [("--train", _settings.TrainPath), ("--test", _settings.TestPath)]);

        Screen.Heading("Digits");
        DigitSource digits = Timed("Reading and checking the files", () =>
            new DigitSources(_mlContext, _cancellationToken).Open(_settings));

        Screen.Heading("Training");
        Screen.Parts(digits.Description.Select(Markup.Escape).Append($"{_settings.HiddenUnits} hidden units, seed {_settings.Seed}"));
        TransformerChain<KeyToValueMappingTransformer> model = Timed("Fitting the pipeline: scaling, training", () =>
            Train(digits.Train));

        IDataView scored = model.Transform(digits.Test);
        MulticlassClassificationMetrics metrics = Timed(
            "Scoring the test digits",
            () => Screen.Busy("Scoring the test digits", _ => _mlContext.MulticlassClassification.Evaluate(scored)));
        string[] classNames = ClassNames(scored);
        MetricsReport.Show(metrics, classNames);
        Gallery.Show(digits.Test, scored);

        _mlContext.Model.SaveAtomic(model, digits.Train.Schema, _settings.ModelPath);
        Screen.Heading("Model");
        Screen.Verbatim($"Saved to {_settings.ModelPath} ({new FileInfo(_settings.ModelPath).Length / 1024d:F0} KB)");
        if (_settings.ReportPath is not null)
        {
            WriteReport(_settings.ReportPath, digits, model);
        }

        int exitCode = Judge(metrics.MicroAccuracy);
        string? csvPath = _settings.IdxFolder is null ? Invocation.Shorter(digits.Files[^1].Path) : null;
        NextSteps.Show(NextSteps.AfterTraining(_settings, csvPath));
        return exitCode;
    }

    private TransformerChain<KeyToValueMappingTransformer> Train(IDataView digits)
    {
        try
        {
            TransformerChain<KeyToValueMappingTransformer> model = Screen.Busy(
                "Scaling the pixels",
                status => Pipeline.Create(_mlContext, Pipeline.Options(_settings, Progress(status), _cancellationToken)).Fit(digits));
            TrainingHistory history = model.OfType<TwoLayerNetworkTransformer>().Single().History;
            TimeSpan elapsed = history.Epochs[^1].Elapsed;
            Screen.Parts(
                $"{history.Epochs.Count} epochs in {elapsed.TotalSeconds:F1} s, reading not included",
                LiveLine.Speed(history.RowsTrained * history.Epochs.Count, elapsed),
                $"last training accuracy {100 * history.Epochs[^1].TrainAccuracy:F2} %");
            double[] losses = [.. history.Epochs.Select(epoch => epoch.TrainLoss)];
            Screen.Line(LossLine.Of(losses, Screen.Width, Screen.IsPlain, isAscii: !Screen.HasUnicode));
            _timings.Add(new("Training loop alone", Seconds(elapsed)));
            _timings.Add(new("Speed of the training loop", LiveLine.Speed(history.RowsTrained * history.Epochs.Count, elapsed)));
            return model;
        }
        catch (InvalidOperationException e)
        {
            // The user can correct the data that the trainer refuses (one class, no rows left, a loss that isn't finite).
            throw new InvalidDataException($"Training stopped: {e.Message}", e);
        }
    }

    // On a terminal, one line that is updated; in a file, one line for each epoch.
    private static Action<TrainingEpoch> Progress(Action<string> status)
    {
        TimeSpan before = TimeSpan.Zero;
        return epoch =>
        {
            if (Screen.IsPlain)
            {
                Screen.Line(EpochLine.Of(epoch));
            }
            else
            {
                status(LiveLine.Of(epoch, before, Screen.Console.Profile.Width - SpinnerWidth));
            }

            before = epoch.Elapsed;
        };
    }

    private void WriteReport(string path, DigitSource digits, ITransformer model)
    {
        Screen.Busy("Writing the report", _ =>
        {
            TrainingReport.Create(_mlContext, model, digits.Test, ReportSettings.Of(digits, _start, _timings)).SaveHtml(path);
            return path;
        });
        Screen.Verbatim($"Report: {path} ({new FileInfo(path).Length / 1024d:F0} KB); open it in a browser");
    }

    private T Timed<T>(string step, Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        T result = work();
        _timings.Add(new(step, Seconds(clock.Elapsed)));
        return result;
    }

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds:F2} s";

    private int Judge(double accuracy)
    {
        if (_settings.TargetAccuracy is not double target)
        {
            return ExitCode.Success;
        }

        bool isReached = accuracy >= target;
        Screen.Parts(
            $"Target accuracy {target:P2}: {(isReached ? "[green]reached[/]" : "[red]not reached[/]")} with {accuracy:P2}");
        return isReached ? ExitCode.Success : ExitCode.BelowTargetAccuracy;
    }

    private static string[] ClassNames(IDataView scored)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Label"].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
