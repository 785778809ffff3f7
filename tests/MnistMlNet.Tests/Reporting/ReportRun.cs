using System.Xml.Linq;
using DigitRecognition;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Reporting;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Tests.Reporting;

/// <summary>A short training on real digits, which leaves enough mistakes to show, and its report.</summary>
public sealed class ReportRun
{
    public ReportRun()
    {
        MLContext mlContext = new(seed: 1);
        string images = Repository.MnistFile("t10k-images-idx3-ubyte.gz");
        IDataView all = mlContext.Data.LoadFromIdx(images, Repository.MnistFile("t10k-labels-idx1-ubyte.gz"));
        DigitSource digits = new(
            mlContext.Data.TakeRows(all, 600),
            mlContext.Data.TakeRows(mlContext.Data.SkipRows(all, 600), 400),
            [new DigitFile(images, "Both", 10_000)],
            ["a part of the test digits"]);
        TrainSettings settings = new(null, null, null, HiddenUnits: 12, Epochs: 8, Seed: 1, ModelPath: "", TargetAccuracy: null);
        mlContext.Log += (_, message) => Start ??= TrainingStart.Parse(message.Message);

        ITransformer model = Pipeline.Create(mlContext, Pipeline.Options(settings, null, CancellationToken.None)).Fit(digits.Train);
        Scored = model.Transform(digits.Test);
        Metrics = mlContext.MulticlassClassification.Evaluate(Scored);
        var report = TrainingReport.Create(
            mlContext, model, digits.Test, ReportSettings.Of(digits, Start, [new("Training", "1.00 s")]));
        Content = report.Content;
        Page = ReportTable.Page(report);
    }

    internal TrainingStart? Start { get; private set; }

    internal IDataView Scored { get; }

    internal MulticlassClassificationMetrics Metrics { get; }

    internal ReportContent Content { get; }

    internal XDocument Page { get; }
}
