using System.Globalization;
using System.Xml.Linq;
using Microsoft.ML;
using MnistMlNet.Reporting;

namespace MnistMlNet.Tests.Reporting;

public sealed class TrainingReportTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private TwoLayerNetworkTransformer? _model;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void SaveHtml_ExistingFile_IsReplacedByThePage()
    {
        TrainingReport report = Create();
        string path = _folder.Write("report.html", "old");

        report.SaveHtml(path);

        Assert.Equal(report.ToHtml(), File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void SaveHtml_MissingFolder_IsNamed()
    {
        string message = Assert.Throws<DirectoryNotFoundException>(() => Create().SaveHtml(_folder.File("no/report.html"))).Message;

        Assert.Contains(_folder.File("no"), message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_OtherCulture_GivesTheSamePage()
    {
        string expected = Create().ToHtml();
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            // InvariantGlobalization knows no German; this is what differs.
            var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            german.NumberFormat.NumberDecimalSeparator = ",";
            german.NumberFormat.NumberGroupSeparator = ".";
            CultureInfo.CurrentCulture = german;

            Assert.Equal(expected, Create().ToHtml());
            Assert.Same(german, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void ToHtml_CheckpointPath_IsShownWithoutItsFolder()
    {
        string path = _folder.File("training.checkpoint");
        string page = Create(change: options => options.CheckpointPath = path).ToHtml();

        Assert.Contains("training.checkpoint", page, StringComparison.Ordinal);
        Assert.DoesNotContain(_folder.Path, page, StringComparison.Ordinal);
    }

    [Fact]
    public void ToHtml_Options_AreAllThereOnceAndDefaultsAreFolded()
    {
        XDocument page = ReportTable.Page(Create(change: options => options.HiddenDropout = 0.25f));
        XElement section = page.Descendants("section").Single(part => part.Element("h2")!.Value == "Options of the training");
        string[] Names(XElement parent) => [.. parent.Descendants("tbody").Elements("tr").Select(row => row.Element("th")!.Value)];

        string[] folded = Names(section.Element("details")!);
        string[] shown = [.. Names(section).Except(folded)];

        Assert.Contains("HiddenDropout", shown);
        Assert.Contains("NumberOfEpochs", shown);
        Assert.Contains("Momentum", folded);
        Assert.Contains("Shuffle", folded);
        Assert.Equal(
            typeof(TwoLayerNetworkTrainer.Options).GetFields().Select(field => field.Name).Order(), shown.Concat(folded).Order());
    }

    [Fact]
    public void Create_OwnTexts_AreOnThePage()
    {
        XDocument page = ReportTable.Page(Create(new TrainingReportOptions
        {
            Title = "Title <1>",
            Introduction = "Introduction & more",
            AdditionalSections = [new ReportSection("Data", [new("File", "rows.csv")])],
            Written = new DateTimeOffset(2026, 1, 2, 3, 4, 0, TimeSpan.FromHours(1)),
        }));

        Assert.Equal("Title <1>", page.Descendants("h1").Single().Value);
        Assert.Contains(page.Descendants("p"), text => text.Value == "Introduction & more");
        Assert.Contains(page.Descendants("tr"), row => row.Value == "Filerows.csv");
        Assert.Contains("2026-01-02 02:04 UTC", page.Descendants("footer").Single().Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("transformer", "no two-layer network of MnistMlNet")]
    [InlineData("label", "no column 'Missing' after the steps of the model; its columns are 'Label', 'Features'")]
    [InlineData("labels", "None of the 3 test rows has a label that the model knows")]
    [InlineData("image", "ImageWidth 3 times ImageHeight 1 isn't the number of features, which is 4")]
    [InlineData("mistakes", "MaxMistakes is -1; it must be 0 or above")]
    public void Create_UnusableArgument_SaysWhatWasFound(string mistake, string expected)
    {
        IDataView rows = Examples.View(_mlContext, Examples.Rows(3));
        TrainingReportOptions options = mistake switch
        {
            "label" => new() { LabelColumnName = "Missing" },
            "image" => new() { ImageWidth = 3 },
            "mistakes" => new() { MaxMistakes = -1 },
            _ => new(),
        };
        ITransformer model = mistake == "transformer" ? _mlContext.Transforms.CopyColumns("x", "Features").Fit(rows) : Model();
        IDataView test = mistake == "labels"
            ? Examples.View(_mlContext, Examples.Rows(3).Select(row => row.With(label: "unknown"))) : rows;

        string message = Assert.ThrowsAny<ArgumentException>(() => TrainingReport.Create(_mlContext, model, test, options)).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void LossCurveSvg_TwoEpochs_IsAFileOfItsOwnWithBothLosses()
    {
        TrainingHistory history = Model(options => options.NumberOfEpochs = 2).History;

        XElement svg = XDocument.Parse(TrainingCharts.LossCurveSvg(history)).Root!;

        Assert.Equal("http://www.w3.org/2000/svg", svg.Name.NamespaceName);
        string[] dots = [.. svg.Descendants(svg.Name.Namespace + "circle").Select(dot => dot.Value)];
        Assert.Equal(["epoch 1: ", "epoch 2: "], dots.Select(dot => dot[..9]));
        Assert.All(dots.Zip(history.Epochs), pair =>
            Assert.Equal(pair.Second.TrainLoss, double.Parse(pair.First[9..], CultureInfo.InvariantCulture), 0.001));
        Assert.NotNull(svg.Element(svg.Name.Namespace + "style"));
    }

    [Fact]
    public void ConfusionMatrixSvg_CountsAndNames_AreThoseOfTheMatrix()
    {
        IDataView rows = Examples.Keyed(_mlContext, Examples.Rows(60));
        var matrix = _mlContext.MulticlassClassification.Evaluate(Model().Transform(rows)).ConfusionMatrix;

        XElement svg = XDocument.Parse(TrainingCharts.ConfusionMatrixSvg(matrix, ["a", "b", "<c>"])).Root!;

        string[] texts = [.. svg.Elements(svg.Name.Namespace + "text").Select(text => text.Value)];
        string[] names = ["a", "b", "<c>"];
        string[] expected = ["predicted", "true", .. names.SelectMany((name, truth) =>
            (string[])[name, name, .. matrix.Counts[truth].Select(count => $"{count}")])];
        Assert.Equal(expected, texts);
        Assert.Throws<ArgumentException>(() => TrainingCharts.ConfusionMatrixSvg(matrix, ["a"]));
    }

    private TrainingReport Create(TrainingReportOptions? options = null, Action<TwoLayerNetworkTrainer.Options>? change = null) =>
        TrainingReport.Create(new MLContext(seed: 1), Model(change), Examples.View(_mlContext, Examples.Rows(90, seed: 2)), options);

    // One training for all pages but those with other options; its duration is on the page.
    private TwoLayerNetworkTransformer Model(Action<TwoLayerNetworkTrainer.Options>? change = null) => change is null
        ? _model ??= Fit(null) : Fit(change);

    private TwoLayerNetworkTransformer Fit(Action<TwoLayerNetworkTrainer.Options>? change) =>
        Examples.Trainer(_mlContext, change).Fit(Examples.Keyed(_mlContext, Examples.Rows(60)));
}
