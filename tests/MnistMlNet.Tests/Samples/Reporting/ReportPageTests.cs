using System.Globalization;
using System.Text;
using System.Xml.Linq;
using DigitRecognition.Reporting;
using Microsoft.ML.Data;
using MnistMlNet.Mnist;

namespace MnistMlNet.Tests.Samples.Reporting;

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
        string[][] shown = [.. Rows("confusion").Select(row => row.Elements("td").Select(cell => cell.Value).ToArray())];

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
        XElement[] rows = Rows("classes");
        for (int label = 0; label < 10; label++)
        {
            string[] cells = [.. rows[label].Elements("td").Select(cell => cell.Value)];
            Assert.Equal(run.Metrics.ConfusionMatrix.PerClassRecall[label], Share(cells[1]), 0.00051);
            Assert.Equal(run.Metrics.ConfusionMatrix.PerClassPrecision[label], Share(cells[2]), 0.00051);
        }
    }

    [Fact]
    public void Accuracy_and_log_loss_at_the_top_are_ML_NETs()
    {
        string[] tiles = [.. run.Page.Descendants("dd").Select(tile => tile.Value)];

        Assert.Equal(run.Metrics.MicroAccuracy, Share(tiles[0]), 0.000051);
        Assert.Equal($"{run.Metrics.LogLoss:F4} nats", tiles[2]);

        // 784 × 12 + 12 + 12 × 10 + 10
        Assert.Equal("9,550", tiles[3]);
    }

    [Fact]
    public void The_mistakes_are_mistakes_and_the_surest_come_first()
    {
        Mistake[] mistakes = [.. run.Content.Mistakes];
        string[] captions = [.. ById("mistakes").Descendants("figcaption").Select(caption => caption.Value)];

        Assert.Equal(24, mistakes.Length);
        Assert.Equal(mistakes.OrderByDescending(mistake => mistake.Prediction.Probability), mistakes);
        float surest = run.Scored.GetColumn<uint>("Label")
            .Zip(run.Scored.GetColumn<string>("PredictedLabel"), run.Scored.GetColumn<float[]>("Score"))
            .Where(row => $"{row.First - 1}" != row.Second).Max(row => row.Third.Max());
        Assert.Equal(surest, mistakes[0].Prediction.Probability);
        Assert.All(mistakes.Zip(captions), pair =>
            Assert.StartsWith($"{pair.First.Label} read as {pair.First.Prediction.Digit}", pair.Second, StringComparison.Ordinal));
    }

    [Fact]
    public void The_picture_of_a_mistake_is_that_row_of_the_data()
    {
        Mistake mistake = run.Content.Mistakes[0];
        byte[] file = IdxReader.Read(Repository.MnistFile("t10k-images-idx3-ubyte.gz"), Repository.MnistFile("t10k-labels-idx1-ubyte.gz"))
            .Pixels(600 + (int)mistake.Row - 1).ToArray();

        Assert.Equal(file, mistake.Pixels);
    }

    [Fact]
    public void Every_picture_and_drawing_has_a_text_alternative_and_every_table_has_headings()
    {
        XElement[] images = [.. run.Page.Descendants("img")];
        Assert.Equal(24 + 12, images.Length);
        Assert.All(images, image => Assert.False(string.IsNullOrWhiteSpace(image.Attribute("alt")?.Value)));

        XElement[] drawings = [.. run.Page.Descendants("svg")];
        Assert.Equal(2, drawings.Length);
        Assert.All(drawings, drawing =>
        {
            Assert.Equal("img", drawing.Attribute("role")?.Value);
            Assert.All(drawing.Attribute("aria-labelledby")!.Value.Split(' '), id => Assert.NotEmpty(ById(id).Value));
        });

        Assert.All(run.Page.Descendants("table"), table => Assert.All(table.Descendants("tr"), row => Assert.NotEmpty(row.Elements("th"))));
        Assert.All(run.Page.Descendants("th"), heading => Assert.NotNull(heading.Attribute("scope")));
        string[] identifiers = [.. run.Page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(identifiers.Distinct(), identifiers);
    }

    [Fact]
    public void All_options_of_the_trainer_are_listed_with_what_it_chose()
    {
        string[] names = [.. run.Content.Options.Select(fact => fact.Name)];
        string[] fields = [.. typeof(TwoLayerNetworkTrainer.Options).GetFields().Select(field => field.Name)];

        Assert.Equal(fields.Except(["EpochCallback", "CancellationToken"]), names);
        Assert.Contains(new Fact("NumberOfEpochs", "8"), run.Content.Options);
        Assert.Contains(new Fact("BatchSize", $"not given; {run.Transformer.History.BatchSize} chosen"), run.Content.Options);
    }

    [Fact]
    public void Names_that_are_HTML_stay_text()
    {
        string[] hostile = ["</td><script>alert(1)</script>", "&amp;\"'<b>", "\0\u001B"];
        TwoLayerNetworkModelParameters network = TwoLayerNetworkModelParameters.Create(4, 1, 3, new float[4], new float[1], [1, 2, 3],
            new float[3]);
        ReportContent content = run.Content with
        {
            ClassNames = hostile,
            Confusion = [[1d, 2, 3], [4d, 5, 6], [7d, 8, 9]],
            Network = network,
            Mistakes = [new Mistake(1, hostile[0], new DigitRecognition.Prediction(hostile[1], 0.5f), [0, 1, 2, 3])],
            Files = [new DataFileFact("<img src=x onerror=alert(1)>.csv", "\"Training\"", "1", "00", "<i>")],
        };

        XDocument page = ReportRun.Parse(ReportPage.Write(content));

        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants("i"));
        Assert.Equal([hostile[0], hostile[1], "\uFFFD\uFFFD"], Rows("confusion", page).Select(row => row.Element("th")!.Value));
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

        string html = ReportPage.Write(run.Content with { Network = network });

        Assert.Equal(64, ById("units", ReportRun.Parse(html)).Descendants("img").Count());
        Assert.InRange(Encoding.UTF8.GetByteCount(html), 1, 1_000_000);
    }

    [Fact]
    public void No_mistakes_no_epochs_and_inputs_that_form_no_square_are_reported_in_words()
    {
        var network = TwoLayerNetworkModelParameters.Create(3, 1, 2, new float[3], new float[1], new float[2], new float[2]);
        XDocument page = ReportRun.Parse(ReportPage.Write(run.Content with { Network = network, Mistakes = [], Epochs = [] }));

        Assert.Empty(page.Descendants("img"));
        Assert.Empty(page.Descendants("svg"));
        Assert.Contains("form no square", page.ToString(), StringComparison.Ordinal);
    }

    private XElement[] Rows(string table, XDocument? page = null) => [.. ById(table, page).Element("tbody")!.Elements("tr")];

    private XElement ById(string id, XDocument? page = null) =>
        (page ?? run.Page).Descendants().Single(element => element.Attribute("id")?.Value == id);

    private static double Share(string percent) => double.Parse(percent.TrimEnd('%'), CultureInfo.InvariantCulture) / 100;
}
