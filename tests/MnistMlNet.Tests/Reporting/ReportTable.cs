using System.Xml;
using System.Xml.Linq;
using MnistMlNet.Reporting;

namespace MnistMlNet.Tests.Reporting;

/// <summary>Finds parts of a report's page.</summary>
internal static class ReportTable
{
    public static XDocument Page(TrainingReport report) => Parse(report.ToHtml());

    public static XDocument Parse(string html)
    {
        using StringReader text = new(html);
        using var reader = XmlReader.Create(text, new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    public static XElement ById(this XDocument page, string id) =>
        page.Descendants().Single(element => element.Attribute("id")?.Value == id);

    /// <summary>The texts of the cells of a table's body, a row; the bars have none.</summary>
    public static string[][] Cells(this XDocument page, string id) =>
        [.. page.ById(id).Element("tbody")!.Elements("tr").Select(row => row.Elements()
            .Where(cell => cell.Attribute("class")?.Value != "barcell").Select(cell => cell.Value).ToArray())];

    /// <summary>The numbers at the top of the page, by name.</summary>
    public static Dictionary<string, string> Tiles(this XDocument page) => page.Descendants("dl").Single().Elements("div")
        .ToDictionary(tile => tile.Element("dt")!.Value, tile => tile.Element("dd")!.Value);
}
