using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>Collects the content of the report from a finished run.</summary>
internal static class ReportBuilder
{
    private const int MaxMistakes = 24;

    /// <param name="digits">The training and test digits.</param>
    /// <param name="scored">The test digits with the model's predictions.</param>
    /// <param name="metrics">ML.NET's metrics of these predictions.</param>
    /// <param name="classNames">The classes in the order of the metrics.</param>
    /// <param name="transformer">The trained network.</param>
    /// <param name="options">The options of the training.</param>
    /// <param name="start">The numbers that the trainer logged at its start.</param>
    /// <param name="timings">The steps of the run.</param>
    public static ReportContent Build(
        DigitSource digits, IDataView scored, MulticlassClassificationMetrics metrics, string[] classNames,
        TwoLayerNetworkTransformer transformer, TwoLayerNetworkTrainer.Options options, TrainingStart? start,
        IReadOnlyList<Fact> timings) => new()
        {
            ClassNames = classNames,
            Confusion = metrics.ConfusionMatrix.Counts,
            TestLoss = metrics.LogLoss,
            Epochs = transformer.History.Epochs,
            RowsTrained = transformer.History.RowsTrained,
            Mistakes = MostConfident(digits.Test, scored),
            Network = transformer.Model,
            Files = [.. digits.Files.Select(Provenance.Of)],
            Options = [.. OptionFacts.Of(options, start, transformer.History)],
            Environment = [.. MachineFacts.All(start)],
            Timings = timings,
            Written = DateTimeOffset.UtcNow,
        };

    /// <summary>The mistakes with the highest probability, the highest first.</summary>
    /// <param name="digits">Label as text and pixels, as read.</param>
    /// <param name="scored">The same rows with the predictions.</param>
    public static IReadOnlyList<Mistake> MostConfident(IDataView digits, IDataView scored)
    {
        (long Row, string Label, Prediction Prediction)[] worst =
        [
            .. digits.GetColumn<string>("Label").Zip(Predictions.Read(scored))
                .Select((pair, index) => (Row: index + 1L, Label: pair.First, Prediction: pair.Second))
                .Where(item => item.Label != item.Prediction.Digit)
                .OrderByDescending(item => item.Prediction.Probability)
                .ThenBy(item => item.Row)
                .Take(MaxMistakes),
        ];

        // One more pass, which reads the pixels of these few rows only.
        HashSet<long> rows = [.. worst.Select(item => item.Row)];
        Dictionary<long, byte[]> images = digits.GetColumn<float[]>("Features")
            .Select((pixels, index) => (Row: index + 1L, Pixels: pixels))
            .Where(item => rows.Contains(item.Row))
            .ToDictionary(item => item.Row, item => item.Pixels.Select(pixel => (byte)Math.Clamp(pixel, 0, DigitImage.MaxPixel)).ToArray());
        return [.. worst.Select(item => new Mistake(item.Row, item.Label, item.Prediction, images[item.Row]))];
    }
}
