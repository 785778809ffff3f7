using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>The main job: read, train, test, show, save.</summary>
internal sealed class TrainJob
{
    private readonly TrainSettings _settings;
    private readonly CancellationToken _cancellationToken;
    private readonly MLContext _mlContext;

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
        };
    }

    /// <summary>Runs the job; the result is the program's exit code.</summary>
    public int Run()
    {
        // Told now, not after the training.
        ModelFile.CheckWritable(_settings.ModelPath);

        Screen.Heading("Digits");
        DigitSource digits = new DigitSources(_mlContext, _cancellationToken).Open(_settings);

        Screen.Heading("Training");
        Screen.Line(Markup.Escape($"On {digits.Description}; {_settings.HiddenUnits} hidden units, seed {_settings.Seed}"));
        ITransformer model = Train(digits.Train);

        IDataView scored = model.Transform(digits.Test);
        MulticlassClassificationMetrics metrics = Screen.Busy("Reading the test digits with it", _ => _mlContext.MulticlassClassification.Evaluate(scored));
        MetricsReport.Show(metrics, ClassNames(scored));
        Gallery.Show(digits.Test, scored);

        _mlContext.Model.SaveAtomic(model, digits.Train.Schema, _settings.ModelPath);
        Screen.Heading("Model");
        Screen.Line(Markup.Escape($"Saved to {_settings.ModelPath} ({new FileInfo(_settings.ModelPath).Length / 1024d:F0} KB)"));

        return Judge(metrics.MicroAccuracy);
    }

    private ITransformer Train(IDataView digits)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            ITransformer model = Screen.Busy("Reading and scaling the pixels", status => Pipeline
                .Create(
                    _mlContext,
                    _settings,
                    epoch =>
                    {
                        Screen.Line(EpochLine.Of(epoch));
                        status($"Training: epoch {epoch.Epoch} is done");
                    },
                    _cancellationToken)
                .Fit(digits));
            Screen.Line($"Trained in {clock.Elapsed.TotalSeconds:F1} s, reading included");
            return model;
        }
        catch (InvalidOperationException e)
        {
            // What the trainer refuses in the data (one class, nothing left, a loss that isn't finite) is the user's to mend.
            throw new InvalidDataException($"Training stopped: {e.Message}", e);
        }
    }

    private int Judge(double accuracy)
    {
        if (_settings.TargetAccuracy is not double target)
        {
            return ExitCode.Success;
        }

        bool isReached = accuracy >= target;
        Screen.Line($"Target accuracy {target:P2}: {(isReached ? "[green]reached[/]" : "[red]not reached[/]")} with {accuracy:P2}");
        return isReached ? ExitCode.Success : ExitCode.BelowTargetAccuracy;
    }

    private static string[] ClassNames(IDataView scored)
    {
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["Label"].GetKeyValues(ref names);
        return [.. names.DenseValues().Select(name => name.ToString())];
    }
}
