using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Microsoft.ML.Data;
using MnistMlNet.Mnist;
using MnistMlNet.Reporting;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Tests.Reporting;

public sealed class ReportPageTests(ReportRun run) : IClassFixture<ReportRun>
{
    private static readonly string[] s_linking = ["src", "href", "srcset", "action", "data", "poster"];

    [Fact]
    public void The_page_makes_no_network_request()
    {
        XElement[] elements = [.. run.Page.Descendants()];

        Assert.DoesNotContain(elements, element => element.Name.LocalName is "script" or "link" or "iframe" or "object" or "base");
        XAttribute[] links = [.. elements.Attributes().Where(attribute => s_linking.Contains(attribute.Name.LocalName))];
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.StartsWith("data:image/png;base64,", link.Value, StringComparison.Ordinal));
        string style = string.Concat(elements.Where(element => element.Name.LocalName == "style").Select(element => element.Value)
            .Concat(elements.Attributes("style").Select(attribute => attribute.Value)));
        Assert.DoesNotContain("url(", style, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@import", style, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("://", run.Page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_heat_map_shows_the_counts_of_ML_NETs_confusion_matrix_and_of_the_rows_themselves()
    {
        string[][] shown = [.. run.Page.Cells("confusion").Select(row => row[1..])];

        Assert.Equal(run.Metrics.ConfusionMatrix.Counts.Select(row =>
            row.Select(count => count.ToString("F0", CultureInfo.InvariantCulture))), shown);

        // Counted again, from the displayed columns.
        int[][] counts = [.. Enumerable.Range(0, 10).Select(_ => new int[10])];
        foreach ((uint label, string prediction) in run.Scored.GetColumn<uint>("Label").Zip(run.Scored.GetColumn<string>("PredictedLabel")))
        {
            counts[label - 1][int.Parse(prediction, CultureInfo.InvariantCulture)]++;
        }

        Assert.Equal(counts.Select(row => row.Select(count => $"{count}")), shown);
    }

    [Fact]
    public void Recall_and_precision_are_ML_NETs()
    {
        string[][] rows = run.Page.Cells("classes");
        for (int label = 0; label < 10; label++)
        {
            Assert.Equal(run.Metrics.ConfusionMatrix.PerClassRecall[label], Fraction(rows[label][2]), 0.00051);
            Assert.Equal(run.Metrics.ConfusionMatrix.PerClassPrecision[label], Fraction(rows[label][3]), 0.00051);
        }
    }

    [Fact]
    public void Accuracy_and_log_loss_at_the_top_are_ML_NETs()
    {
        Dictionary<string, string> tiles = run.Page.Tiles();

        Assert.Equal(run.Metrics.MicroAccuracy, Fraction(tiles["test accuracy"]), 0.000051);
        Assert.Equal(run.Metrics.MacroAccuracy, Fraction(tiles["macro accuracy"]), 0.000051);
        Assert.Equal($"{run.Metrics.LogLoss:F4} nats", tiles["test log-loss"]);

        // 784 × 12 + 12 + 12 × 10 + 10
        Assert.Equal("9,550", tiles["parameters"]);
    }

    [Fact]
    public void The_calibration_table_is_that_of_the_scored_rows()
    {
        (float Confidence, bool IsRight)[] rows = [.. run.Scored.GetColumn<float[]>("Score").Zip(
            run.Scored.GetColumn<uint>("Label"), run.Scored.GetColumn<string>("PredictedLabel"))
            .Select(row => (row.First.Max(), $"{row.Second - 1}" == row.Third))];

        foreach (string[] bin in run.Page.Cells("calibration"))
        {
            int from = int.Parse(bin[0].Split(' ')[0], CultureInfo.InvariantCulture);
            (float Confidence, bool IsRight)[] inside =
                [.. rows.Where(row => row.Confidence >= from / 100d && (row.Confidence < (from + 10) / 100d || from == 90))];
            Assert.Equal($"{inside.Length}", bin[1]);
            Assert.Equal(inside.Count(row => row.IsRight) / (double)inside.Length, Fraction(bin[3]), 0.00051);
        }
    }

    [Fact]
    public void The_mistakes_are_mistakes_and_the_surest_come_first()
    {
        string[] captions = [.. run.Page.ById("mistakes").Descendants("figcaption").Select(caption => caption.Value)];
        (string Label, string Prediction, float Confidence, int Row)[] expected =
        [
            .. run.Scored.GetColumn<uint>("Label").Zip(
                run.Scored.GetColumn<string>("PredictedLabel"), run.Scored.GetColumn<float[]>("Score"))
                .Select((row, index) => (Label: $"{row.First - 1}", row.Second, Confidence: row.Third.Max(), index + 1))
                .Where(row => row.Label != row.Second).OrderByDescending(row => row.Confidence).Take(24),
        ];

        Assert.Equal(24, captions.Length);
        Assert.Equal(
            expected.Select(row => string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Label} read as {row.Prediction}, {100 * row.Confidence:F1} % sure; row {row.Row}")),
            captions);
    }

    [Fact]
    public void The_picture_of_a_mistake_is_that_row_of_the_data()
    {
        Mistake mistake = run.Content.Mistakes[0];
        byte[] file = IdxReader.Read(Repository.MnistFile("t10k-images-idx3-ubyte.gz"), Repository.MnistFile("t10k-labels-idx1-ubyte.gz"))
            .Pixels(600 + (int)mistake.Row - 1).ToArray();

        // The chain divides each pixel by its maximum in the training rows.
        Assert.Equal(file.Select(pixel => pixel > 0), mistake.Features.Select(value => value > 0));
    }

    [Fact]
    public void Every_picture_and_drawing_has_a_text_alternative_and_every_table_has_headings()
    {
        XElement[] images = [.. run.Page.Descendants("img")];
        Assert.Equal(24 + 12, images.Length);
        Assert.All(images, image => Assert.False(string.IsNullOrWhiteSpace(image.Attribute("alt")?.Value)));

        XElement[] drawings = [.. run.Page.Descendants("svg")];
        Assert.Equal(3, drawings.Length);
        Assert.All(drawings, drawing =>
        {
            Assert.Equal("img", drawing.Attribute("role")?.Value);
            Assert.All(drawing.Attribute("aria-labelledby")!.Value.Split(' '), id => Assert.NotEmpty(run.Page.ById(id).Value));
        });

        Assert.All(run.Page.Descendants("table"), table => Assert.All(table.Descendants("tr"), row => Assert.NotEmpty(row.Elements("th"))));
        Assert.All(run.Page.Descendants("th"), heading => Assert.NotNull(heading.Attribute("scope")));
        string[] identifiers = [.. run.Page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(identifiers.Distinct(), identifiers);
    }

    [Fact]
    public void Names_that_are_HTML_stay_text()
    {
        string[] hostile = ["</td><script>alert(1)</script>", "&amp;\"'<b>", "\0\u001B"];
        ReportContent content = run.Content with
        {
            Network = run.Content.Network with
            {
                Model = TwoLayerNetworkModelParameters.Create(784, 1, 3, new float[784], new float[1], [1, 2, 3], new float[3]),
            },
            Result = Classes(hostile),
            Mistakes = [run.Content.Mistakes[0] with { Truth = hostile[0], Prediction = hostile[1] }],
            Options = new TrainingReportOptions
            {
                AdditionalSections = [new ReportSection("<i>", [new("<b>", "<img src=x onerror=alert(1)>.csv")])],
            },
        };

        XDocument page = ReportTable.Parse(ReportPage.Write(content));

        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants("i"));
        Assert.Equal([hostile[0], hostile[1], "\uFFFD\uFFFD"], page.Cells("confusion").Select(row => row[0]));
        Assert.Contains(page.Descendants("td"), cell => cell.Value == "<img src=x onerror=alert(1)>.csv");
        Assert.Equal(2, page.Descendants("img").Count());
    }

    [Fact]
    public void A_large_network_shows_its_64_strongest_units_and_the_page_stays_below_a_megabyte()
    {
        const int Units = 200;
        float[] weights = [.. Enumerable.Range(0, Units * 784).Select(i => MathF.Sin(i * 1.7f) * (1 + (i / 784 % 3)))];
        float[] output = [.. Enumerable.Range(0, 10 * Units).Select(i => MathF.Cos(i))];
        var network = TwoLayerNetworkModelParameters.Create(784, Units, 10, weights, new float[Units], output, new float[10]);

        string html = ReportPage.Write(run.Content with { Network = run.Content.Network with { Model = network } });

        Assert.Equal(64, ReportTable.Parse(html).ById("units").Descendants("img").Count());
        Assert.InRange(Encoding.UTF8.GetByteCount(html), 1, 1_000_000);
    }

    [Fact]
    public void With_many_classes_the_most_frequent_confusions_are_listed()
    {
        string[] names = [.. Enumerable.Range(0, 40).Select(label => $"class {label}")];

        XDocument page = ReportTable.Parse(ReportPage.Write(run.Content with { Result = Classes(names, (3, 4), (5, 6), (3, 4), (7, 7)) }));

        Assert.Equal([["class 3", "class 4", "2"], ["class 5", "class 6", "1"]], page.Cells("confusion"));
    }

    [Fact]
    public void No_mistakes_and_no_importance_are_reported_in_words()
    {
        XDocument page = ReportTable.Parse(ReportPage.Write(run.Content with { Mistakes = [] }));

        Assert.Contains(page.Descendants("p"), text => text.Value == "There was none.");
        Assert.Contains(page.Descendants("p"), text => text.Value.Contains("more than 256 features", StringComparison.Ordinal));
    }

    private static ClassResult Classes(string[] names, params (int Label, int Prediction)[] rows) => new()
    {
        ClassNames = names,
        Rows = [.. rows.Select((_, index) => index + 1L).DefaultIfEmpty(1)],
        SkippedRows = 0,
        Labels = [.. rows.Select(row => row.Label).DefaultIfEmpty(0)],
        Predictions = [.. rows.Select(row => row.Prediction).DefaultIfEmpty(0)],
        Confidences = [.. rows.Select(_ => 0.5f).DefaultIfEmpty(0.5f)],
        LabelProbabilities = [.. rows.Select(_ => 0.5f).DefaultIfEmpty(0.5f)],
    };

    private static double Fraction(string percent) => double.Parse(percent.TrimEnd('%'), CultureInfo.InvariantCulture) / 100;
}
