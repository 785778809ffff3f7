using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Html;

/// <summary>The report's tables.</summary>
internal static class HtmlTable
{
    /// <summary>A list of names and values.</summary>
    public static void WriteFacts(HtmlWriter html, IEnumerable<Fact> facts, string nameHeading, string valueHeading) =>
        html.Element("table", () =>
        {
            WriteHead(html, [nameHeading, valueHeading], "text");
            html.Element("tbody", () =>
            {
                foreach (Fact fact in facts)
                {
                    html.Element("tr", () =>
                    {
                        html.Element("th", fact.Name, ("scope", "row"));
                        html.Element("td", fact.Value);
                    });
                }
            });
        }, ("class", "facts"));

    /// <summary>
    /// A table of numbers, which is scrolled sideways where it is wider than the screen. The first cell of each row is its heading.
    /// </summary>
    /// <param name="bars">A fraction of 1 for each row, drawn as a bar; empty for none.</param>
    /// <param name="barHeading">The heading of the bars.</param>
    public static void WriteNumbers(
        HtmlWriter html, string id, string label, string[] headings, IEnumerable<string[]> rows, double[] bars, string barHeading = "") =>
        WriteScrolled(html, label, () => html.Element("table", () =>
        {
            html.Element("thead", () => html.Element("tr", () =>
            {
                Array.ForEach(headings, name => html.Element("th", name, ("scope", "col")));
                if (bars.Length > 0)
                {
                    html.Element("th", barHeading, ("scope", "col"), ("class", "text"));
                }
            }));
            html.Element("tbody", () =>
            {
                foreach ((int index, string[] cells) in rows.Index())
                {
                    html.Line();
                    html.Element("tr", () =>
                    {
                        html.Element("th", cells[0], ("scope", "row"));
                        Array.ForEach(cells[1..], cell => html.Element("td", cell));
                        if (bars.Length > 0)
                        {
                            WriteBar(html, bars[index]);
                        }
                    });
                }
            });
        }, ("id", id), ("class", "numbers")));

    /// <summary>Content that is scrolled sideways where it is wider than the screen, by keys too.</summary>
    public static void WriteScrolled(HtmlWriter html, string label, Action content) =>
        html.Element("div", content, ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", label));

    // The number that the bar shows is in another cell of the row.
    private static void WriteBar(HtmlWriter html, double fraction) => html.Element(
        "td",
        () => html.Empty("span", ("class", "bar"), ("aria-hidden", "true"),
            ("style", $"width:{PageNumber.Position(100 * Math.Clamp(fraction, 0, 1))}%")),
        ("class", "barcell"));

    private static void WriteHead(HtmlWriter html, string[] names, string style) => html.Element("thead", () => html.Element("tr", () =>
        Array.ForEach(names, name => html.Element("th", name, ("scope", "col"), ("class", style)))));
}
