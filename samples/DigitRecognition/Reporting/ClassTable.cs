namespace DigitRecognition.Reporting;

/// <summary>Recall, precision and F1 of each class, as a table.</summary>
internal static class ClassTable
{
    private static readonly string[] s_headings = ["digit", "images", "recall", "precision", "F1"];

    public static void Write(HtmlWriter html, ReportContent content)
    {
        ClassScores scores = new(content.Confusion);
        double worst = Math.Max(1e-9, Classes(content).Select(label => Missed(scores, label)).Max());
        html.Element("p", "Recall: fraction of this digit's images that were classified as it. Precision: fraction of these predictions "
            + "that are correct. F1: their harmonic mean. The bar is the fraction that was missed.");
        html.Element("div", () => html.Element("table", () =>
        {
            html.Element("thead", () => html.Element("tr", () =>
            {
                foreach (string name in s_headings)
                {
                    html.Element("th", name, ("scope", "col"));
                }

                html.Element("th", "missed", ("scope", "col"), ("class", "text"));
            }));
            html.Element("tbody", () =>
            {
                foreach (int label in Classes(content))
                {
                    WriteRow(html, content, scores, label, worst);
                }
            });
        }, ("id", "classes"), ("class", "numbers")), ("class", "scroll"), ("tabindex", "0"), ("role", "region"),
            ("aria-label", "Recall and precision by digit"));
    }

    private static IEnumerable<int> Classes(ReportContent content) => Enumerable.Range(0, content.ClassNames.Count);

    private static double Missed(ClassScores scores, int label) => double.IsNaN(scores.Recall(label)) ? 0 : 1 - scores.Recall(label);

    private static void WriteRow(HtmlWriter html, ReportContent content, ClassScores scores, int label, double worst)
    {
        double missed = Missed(scores, label);
        html.Line();
        html.Element("tr", () =>
        {
            html.Element("th", content.ClassNames[label], ("scope", "row"));
            html.Element("td", $"{scores.RowsOf(label):N0}");
            html.Element("td", PageNumber.Percent(scores.Recall(label)));
            html.Element("td", PageNumber.Percent(scores.Precision(label)));
            html.Element("td", PageNumber.Percent(scores.F1(label)));
            html.Element("td", () =>
            {
                // The number itself is 100 % minus the recall two columns to the left.
                html.Empty("span", ("class", "bar"), ("aria-hidden", "true"),
                    ("style", $"width:{PageNumber.Position(100 * missed / worst)}%"));
            }, ("class", "barcell"));
        });
    }
}
