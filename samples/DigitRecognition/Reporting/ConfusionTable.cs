namespace DigitRecognition.Reporting;

/// <summary>The confusion matrix as a heat map that is also a table, for readers who can't see colours.</summary>
internal static class ConfusionTable
{
    // Upper bounds of the colour steps, as fractions of the row's digits; there is one more step than bounds.
    private static readonly double[] s_wrongSteps = [0.0025, 0.005, 0.01, 0.02];
    private static readonly double[] s_rightSteps = [0.95, 0.98];

    public static void Write(HtmlWriter html, ReportContent content)
    {
        ClassScores scores = new(content.Confusion);
        html.Element("div", () => html.Element("table", () =>
        {
            html.Element("caption", "Rows: what the digit is. Columns: what the network read.");
            html.Element("thead", () =>
            {
                html.Element("tr", () =>
                {
                    html.Element("th", "is", ("scope", "col"), ("rowspan", "2"));
                    html.Element("th", "read as", ("colspan", $"{content.ClassNames.Count}"), ("scope", "colgroup"));
                });
                html.Element("tr", () =>
                {
                    foreach (string name in content.ClassNames)
                    {
                        html.Element("th", name, ("scope", "col"));
                    }
                });
            });
            html.Element("tbody", () =>
            {
                for (int truth = 0; truth < content.ClassNames.Count; truth++)
                {
                    WriteRow(html, content, scores.RowsOf(truth), truth);
                }
            });
        }, ("class", "heat"), ("id", "confusion")), ("class", "scroll"), ("tabindex", "0"), ("role", "region"),
            ("aria-label", "Confusion matrix"));
        WriteLegend(html);
    }

    private static void WriteRow(HtmlWriter html, ReportContent content, double rows, int truth)
    {
        html.Line();
        html.Element("tr", () =>
        {
            html.Element("th", content.ClassNames[truth], ("scope", "row"));
            for (int prediction = 0; prediction < content.ClassNames.Count; prediction++)
            {
                double count = content.Confusion[truth][prediction];
                html.Element("td", $"{count:F0}", ("class", Style(count, rows, truth == prediction)));
            }
        });
    }

    private static string Style(double count, double rows, bool isRight) => (count, isRight) switch
    {
        (0, _) => "none",
        (_, true) => $"right{Step(s_rightSteps, count / rows)}",
        _ => $"wrong{Step(s_wrongSteps, count / rows)}",
    };

    private static int Step(double[] ends, double share) => ends.Count(end => share >= end);

    private static void WriteLegend(HtmlWriter html) => html.Element("ul", () =>
    {
        Item("right0", $"right, below {PageNumber.Percent(s_rightSteps[0], 0)} of the row");
        Item("right1", $"right, from {PageNumber.Percent(s_rightSteps[0], 0)}");
        Item("right2", $"right, from {PageNumber.Percent(s_rightSteps[1], 0)}");
        Item("wrong0", $"wrong, below {PageNumber.Percent(s_wrongSteps[0], 2)}");
        for (int i = 0; i < s_wrongSteps.Length; i++)
        {
            Item($"wrong{i + 1}", $"from {PageNumber.Percent(s_wrongSteps[i], i == 0 ? 2 : 1)}");
        }

        void Item(string style, string text) => html.Element("li", () =>
        {
            html.Element("span", "n", ("class", $"key {style}"), ("aria-hidden", "true"));
            html.Text(" " + text);
        });
    }, ("class", "legend"));
}
