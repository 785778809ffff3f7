using MnistMlNet.Reporting.Charts;
using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Sections;

/// <summary>
/// The confusion matrix as a heat map that is also a table, for readers who can't see colours. With many classes, a list of the most
/// frequent confusions.
/// </summary>
internal static class ConfusionSection
{
    private const int MaxClasses = 30;
    private const int MaxPairs = 40;
    private const int MaxUprightLength = 4;

    public static void Write(HtmlWriter html, ClassResult result)
    {
        if (result.ClassNames.Count > MaxClasses)
        {
            WritePairs(html, result);
            return;
        }

        ClassScores scores = new(result.Confusion);
        bool areLong = result.ClassNames.Any(name => name.Length > MaxUprightLength);
        html.Element("p", "Rows: the true class. Columns: the predicted class.");
        HtmlTable.WriteScrolled(html, "Confusion matrix", () => html.Element("table", () =>
        {
            html.Element("thead", () =>
            {
                html.Element("tr", () =>
                {
                    html.Element("th", "true", ("scope", "col"), ("rowspan", "2"));
                    html.Element("th", "predicted", ("colspan", $"{result.ClassNames.Count}"), ("scope", "colgroup"));
                });
                html.Element("tr", () =>
                {
                    foreach (string name in result.ClassNames)
                    {
                        html.Element("th", name, ("scope", "col"));
                    }
                });
            });
            html.Element("tbody", () =>
            {
                for (int truth = 0; truth < result.ClassNames.Count; truth++)
                {
                    WriteRow(html, result, scores.RowsOf(truth), truth);
                }
            });
        }, ("class", areLong ? "heat named" : "heat"), ("id", "confusion")));
        WriteLegend(html);
    }

    private static void WriteRow(HtmlWriter html, ClassResult result, double rows, int truth)
    {
        html.Line();
        html.Element("tr", () =>
        {
            html.Element("th", result.ClassNames[truth], ("scope", "row"));
            for (int prediction = 0; prediction < result.ClassNames.Count; prediction++)
            {
                double count = result.Confusion[truth][prediction];
                html.Element("td", $"{count:F0}", ("class", ConfusionColour.Of(count, rows, truth == prediction)));
            }
        });
    }

    private static void WriteLegend(HtmlWriter html) => html.Element("ul", () =>
    {
        IReadOnlyList<double> right = ConfusionColour.RightSteps, wrong = ConfusionColour.WrongSteps;
        Item("right0", $"right, below {PageNumber.Percent(right[0], 0)} of the row");
        Item("right1", $"right, from {PageNumber.Percent(right[0], 0)}");
        Item("right2", $"right, from {PageNumber.Percent(right[1], 0)}");
        Item("wrong0", $"wrong, below {PageNumber.Percent(wrong[0], 2)}");
        for (int i = 0; i < wrong.Count; i++)
        {
            Item($"wrong{i + 1}", $"from {PageNumber.Percent(wrong[i], i == 0 ? 2 : 1)}");
        }

        void Item(string style, string text) => html.Element("li", () =>
        {
            html.Element("span", "n", ("class", $"key {style}"), ("aria-hidden", "true"));
            html.Text(" " + text);
        });
    }, ("class", "legend"));

    private static void WritePairs(HtmlWriter html, ClassResult result)
    {
        int count = result.ClassNames.Count;
        (int Truth, int Prediction, double Count)[] pairs =
        [
            .. (from truth in Enumerable.Range(0, count)
                from prediction in Enumerable.Range(0, count)
                where truth != prediction && result.Confusion[truth][prediction] > 0
                orderby result.Confusion[truth][prediction] descending
                select (truth, prediction, result.Confusion[truth][prediction])).Take(MaxPairs),
        ];
        html.Element("p", $"With {count} classes, only the most frequent confusions are shown.");
        HtmlTable.WriteNumbers(
            html, "confusion", "Most frequent confusions", ["true", "predicted", "rows"],
            pairs.Select(pair => (string[])[
                result.ClassNames[pair.Truth], result.ClassNames[pair.Prediction], $"{pair.Count:N0}"]),
            [.. pairs.Select(pair => pair.Count / pairs[0].Count)]);
    }
}
