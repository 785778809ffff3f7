using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Reporting;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Tests.Reporting;

/// <summary>The report of each task, compared with ML.NET's and the library's evaluators, or with arithmetic by hand.</summary>
public sealed class TaskReportTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Create_BinaryChainLoadedFromAFile_HasMetricsAndImportanceOfML_NET()
    {
        using var folder = new TemporaryFolder();
        string[] names = ["radius", "texture", "perimeter"];
        IDataView table = _mlContext.Data.LoadFromTextFile(
            Path.Combine(Repository.Root, "samples", "data", "breast-cancer", "breast-cancer.csv"),
            [new("radius", DataKind.Single, 0), new("texture", DataKind.Single, 1), new("perimeter", DataKind.Single, 2),
                new("malignant", DataKind.Boolean, 10)],
            separatorChar: ',', hasHeader: true);
        ITransformer model = _mlContext.Transforms.Concatenate("Features", names)
            .Append(_mlContext.BinaryClassification.Trainers.TwoLayerNetwork(labelColumnName: "malignant")).Fit(table);
        _mlContext.Model.Save(model, table.Schema, folder.File("model.zip"));
        IDataView scored = model.Transform(table);
        CalibratedBinaryClassificationMetrics metrics = _mlContext.BinaryClassification.Evaluate(scored, "malignant");

        var loaded = new MLContext(seed: 1).Model.Load(folder.File("model.zip"), out _);
        var report = TrainingReport.Create(_mlContext, loaded, table, new TrainingReportOptions { PermutationCount = 2 });
        XDocument page = ReportTable.Page(report);

        Assert.Equal($"{metrics.AreaUnderRocCurve:F4}", page.Tiles()["area under ROC"]);
        Assert.Equal($"{metrics.LogLoss * Math.Log(2):F4} nats", page.Tiles()["test log-loss"]);

        // ML.NET's matrix has the positive class first.
        IReadOnlyList<IReadOnlyList<double>> counts = metrics.ConfusionMatrix.Counts;
        Assert.Equal(
            [["false", $"{counts[1][1]}", $"{counts[1][0]}"], ["true", $"{counts[0][1]}", $"{counts[0][0]}"]], page.Cells("confusion"));
        Assert.Equal(names.Order(), page.Cells("importance").Select(row => row[0]).Order());
        var importance = _mlContext.BinaryClassification.PermutationFeatureImportance(
            ((IEnumerable<ITransformer>)model).OfType<ISingleFeaturePredictionTransformer<object>>().Single(), scored, "malignant",
            permutationCount: 20);
        foreach (FeatureImportance feature in report.Content.Importance!.Features)
        {
            Assert.Equal(-importance[Array.IndexOf(names, feature.Name)].AreaUnderRocCurve.Mean, feature.Mean, 0.02);
        }
    }

    [Fact]
    public void Create_MulticlassTable_ImportanceIsThatOfML_NET()
    {
        IDataView rows = Examples.Keyed(_mlContext, Examples.Rows(300));
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options => options.NumberOfEpochs = 60).Fit(rows);
        var expected = _mlContext.MulticlassClassification.PermutationFeatureImportance(model, rows, permutationCount: 20);

        Importance importance = TrainingReport.Create(_mlContext, model, rows).Content.Importance!;

        Assert.Equal(300, importance.RowCount);
        Assert.All(importance.Features, feature => Assert.Equal(expected[feature.Index].LogLoss.Mean, feature.Mean, 0.1));

        // Features 0 and 1 determine the class, feature 3 is constant.
        Assert.True(importance.Features.Take(2).All(feature => feature.Index < 2 && feature.Mean > 0.2));
        Assert.Equal(0, importance.Features.Single(feature => feature.Index == 3).Mean, 1e-9);
    }

    [Fact]
    public void Create_MulticlassModelAlone_TakesTextLabelsAndKeysOfAnotherOrder()
    {
        IDataView rows = Examples.Keyed(_mlContext, Examples.Rows(60));
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).Fit(rows);
        IDataView texts = Examples.View(_mlContext, Examples.Rows(60));
        IDataView reversed = _mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Fit(Examples.View(_mlContext, Examples.Rows(60).Reverse())).Transform(texts);
        var options = new TrainingReportOptions { PermutationCount = 0 };

        string[][] expected = ReportTable.Page(TrainingReport.Create(_mlContext, model, rows, options)).Cells("confusion");

        Assert.Equal(60, expected.Sum(row => row[1..].Sum(count => int.Parse(count, CultureInfo.InvariantCulture))));
        Assert.Equal(expected, ReportTable.Page(TrainingReport.Create(_mlContext, model, texts, options)).Cells("confusion"));
        Assert.Equal(expected, ReportTable.Page(TrainingReport.Create(_mlContext, model, reversed, options)).Cells("confusion"));
    }

    [Fact]
    public void Create_RowsWithUnknownClassOrFeaturesThatArentFinite_AreCountedAndLeftOut()
    {
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).Fit(Examples.Keyed(_mlContext, Examples.Rows(60)));
        Example[] rows = [.. Examples.Rows(9)];
        rows[2] = rows[2].With(label: "unknown");
        rows[5] = rows[5].With(features: [float.NaN, 0, 0, 0]);

        TaskResult result = TrainingReport.Create(_mlContext, model, Examples.View(_mlContext, rows)).Content.Result;

        Assert.Equal(2, result.SkippedRows);
        Assert.Equal([1, 2, 4, 5, 7, 8, 9], result.Rows);
    }

    [Fact]
    public void Create_RegressionOfTwoNumbers_HasTheErrorsOfTheEvaluatorAndTheLargestOnesFirst()
    {
        var file = new MultiFileSource(Path.Combine(Repository.Root, "samples", "data", "energy", "energy.csv"));
        IDataView table = _mlContext.Data.CreateTextLoader(
            [new("Features", DataKind.Single, 0, 7), new("Label", DataKind.Single, 8, 9)], ',', hasHeader: true, dataSample: file)
            .Load(file);
        ITransformer model = _mlContext.Regression.Trainers.TwoLayerNetwork().Fit(table);
        IDataView scored = model.Transform(table);
        MultiOutputRegressionMetrics metrics = _mlContext.Regression.EvaluateMultiOutput(scored);

        var report = TrainingReport.Create(_mlContext, model, table, new TrainingReportOptions { PermutationCount = 1 });
        XDocument page = ReportTable.Page(report);

        Assert.Equal(["heating load", "cooling load"], page.Cells("outputs").Select(row => row[0]));
        var result = (NumberResult)report.Content.Result;
        Assert.All(metrics.Outputs.Zip(result.Errors), pair =>
        {
            Assert.Equal(pair.First.RootMeanSquaredError, pair.Second.RootMeanSquaredError, 1e-6);
            Assert.Equal(pair.First.MeanAbsoluteError, pair.Second.MeanAbsoluteError, 1e-6);
            Assert.Equal(pair.First.RSquared, pair.Second.RSquared, 1e-6);
        });
        Assert.Equal(4 * 768, page.Descendants("circle").Count(dot => dot.Attribute("class")!.Value == "point"));

        // The largest error in units of its output's RMSE, by hand.
        double[] sizes = [.. scored.GetColumn<float[]>("Label").Zip(scored.GetColumn<float[]>("Score"), (label, score) => label.Zip(score,
            (truth, prediction) => (double)Math.Abs(prediction - truth)).Zip(metrics.Outputs, (error, output) =>
            error / output.RootMeanSquaredError).Max())];
        Assert.Equal($"{Array.IndexOf(sizes, sizes.Max()) + 1}", page.Cells("mistakes")[0][0]);
        Assert.Equal("overall height", report.Content.Importance!.Features[0].Name);
    }

    [Fact]
    public void Create_Multilabel_HasTheCountsOfTheEvaluator()
    {
        var file = new MultiFileSource(Path.Combine(Repository.Root, "samples", "data", "zoo", "zoo.csv"));
        IDataView table = _mlContext.Data.CreateTextLoader(
            [new("Features", DataKind.Single, 1, 7), new("Label", DataKind.Boolean, 8, 16)], ',', hasHeader: true, dataSample: file)
            .Load(file);
        ITransformer model = _mlContext.MulticlassClassification.Trainers.TwoLayerNetworkMultilabel().Fit(table);
        MultilabelMetrics metrics = _mlContext.MulticlassClassification.EvaluateMultilabel(model.Transform(table));

        XDocument page = ReportTable.Page(
            TrainingReport.Create(_mlContext, model, table, new TrainingReportOptions { PermutationCount = 1 }));

        Assert.Equal($"{100 * metrics.MicroF1:F2} %", page.Tiles()["micro F1"]);
        Assert.Equal($"{metrics.LogLoss:F4} nats", page.Tiles()["test log-loss"]);

        // The evaluator has 0 for the precision of a label that is never predicted, the page a dash.
        Assert.Equal(
            metrics.Labels.Select(label => (label.Name, $"{label.Support}", Percent(label.Recall), Percent(label.Precision))),
            page.Cells("labels").Select(row => (row[0], row[1], row[5], row[6].Replace("–", "0.0 %"))));

        static string Percent(double value) => string.Create(CultureInfo.InvariantCulture, $"{100 * value:F1} %");
    }

    [Fact]
    public void Create_KeyOfTwoValuesAsBinaryLabel_NamesTheClasses()
    {
        IDataView rows = Examples.Keyed(_mlContext, Examples.Rows(90).Where(row => row.Label != "c"));
        IDataView pair = _mlContext.Transforms.Conversion.MapKeyToValue("Label")
            .Append(_mlContext.Transforms.Conversion.MapValueToKey("Label")).Fit(rows).Transform(rows);
        ITransformer model = _mlContext.BinaryClassification.Trainers.TwoLayerNetwork().Fit(pair);

        XDocument page = ReportTable.Page(
            TrainingReport.Create(_mlContext, model, pair, new TrainingReportOptions { PermutationCount = 1 }));

        Assert.Equal(["a", "b"], page.Cells("confusion").Select(row => row[0]));
    }
}
