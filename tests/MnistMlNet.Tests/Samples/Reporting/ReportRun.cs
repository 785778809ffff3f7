using System.Xml;
using System.Xml.Linq;
using DigitRecognition;
using DigitRecognition.Reporting;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Samples.Reporting;

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
            "a part of the test digits");
        TrainSettings settings = new(null, null, null, HiddenUnits: 12, Epochs: 8, Seed: 1, ModelPath: "", TargetAccuracy: null);
        Options = Pipeline.Options(settings, null, CancellationToken.None);
        mlContext.Log += (_, message) => Start ??= TrainingStart.Parse(message.Message);

        ITransformer model = Pipeline.Create(mlContext, Options).Fit(digits.Train);
        Scored = model.Transform(digits.Test);
        Metrics = mlContext.MulticlassClassification.Evaluate(Scored);
        Transformer = ((IEnumerable<ITransformer>)model).OfType<TwoLayerNetworkTransformer>().Single();
        Content = ReportBuilder.Build(
            digits, Scored, Metrics, [.. Enumerable.Range(0, 10).Select(digit => $"{digit}")], Transformer, Options, Start,
                [new Fact("Training", "1.00 s")]);
        Page = Parse(ReportPage.Write(Content));
    }

    internal TwoLayerNetworkTrainer.Options Options { get; }

    internal TwoLayerNetworkTransformer Transformer { get; }

    internal TrainingStart? Start { get; private set; }

    internal IDataView Scored { get; }

    internal MulticlassClassificationMetrics Metrics { get; }

    internal ReportContent Content { get; }

    internal XDocument Page { get; }

    internal static XDocument Parse(string html)
    {
        using StringReader text = new(html);
        using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }
}
