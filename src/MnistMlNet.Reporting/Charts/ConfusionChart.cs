using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Charts;

/// <summary>Draws a confusion matrix in SVG.</summary>
internal static class ConfusionChart
{
    private const double Cell = 44;
    private const double Top = 64;
    private const double LetterWidth = 7.5;
    private const int MaxNameLength = 16;

    public static void Write(HtmlWriter html, IReadOnlyList<IReadOnlyList<double>> counts, IReadOnlyList<string> classNames)
    {
        ClassScores scores = new(counts);
        string[] names = [.. classNames.Select(Shortened)];
        double longest = names.Max(name => name.Length) * LetterWidth, left = 30 + longest;

        // Names that don't fit side by side are written upwards.
        bool isUpright = longest <= Cell;
        double top = isUpright ? Top : 44 + longest;
        double width = left + (Cell * counts.Count) + 8, height = top + (Cell * counts.Count) + 8;
        string description = $"{counts.Count} classes; {scores.RightTotal:N0} of {scores.Total:N0} rows are on the diagonal, which is an "
            + $"accuracy of {PageNumber.Percent(scores.Accuracy, 2)}.";
        PlotArea.WriteDrawing(html, "confusion-matrix", "Confusion matrix", description, width, height, isFile: true, () =>
        {
            Label("predicted", left + (Cell * counts.Count / 2), 18, "middle");
            Label("true", 18, top + (Cell * counts.Count / 2), "middle", -90);
            for (int truth = 0; truth < counts.Count; truth++)
            {
                double middle = (Cell * truth) + (Cell / 2);
                Label(names[truth], left - 6, top + middle + 4, "end");
                Label(names[truth], left + middle + (isUpright ? 0 : 4), top - 8, isUpright ? "middle" : "start", isUpright ? 0 : -90);
                for (int prediction = 0; prediction < counts.Count; prediction++)
                {
                    WriteCell(html, counts[truth][prediction], scores.RowsOf(truth), truth == prediction,
                        left + (Cell * prediction), top + (Cell * truth));
                }
            }
        });

        void Label(string text, double x, double y, string anchor, int angle = 0)
        {
            (string, string)[] turned = angle == 0 ? []
                : [("transform", $"rotate({angle} {PageNumber.Position(x)} {PageNumber.Position(y)})")];
            html.Element("text", text, [
                ("x", PageNumber.Position(x)), ("y", PageNumber.Position(y)), ("text-anchor", anchor), .. turned]);
        }
    }

    private static void WriteCell(HtmlWriter html, double count, double rows, bool isRight, double x, double y)
    {
        string style = ConfusionColour.Of(count, rows, isRight);
        html.Empty("rect", ("class", style), ("x", PageNumber.Position(x + 1)), ("y", PageNumber.Position(y + 1)),
            ("width", $"{Cell - 2}"), ("height", $"{Cell - 2}"), ("rx", "3"));
        html.Element("text", $"{count:0.###}", ("class", $"{style}-ink"), ("x", PageNumber.Position(x + (Cell / 2))),
            ("y", PageNumber.Position(y + (Cell / 2) + 4)), ("text-anchor", "middle"));
    }

    private static string Shortened(string name) => name.Length <= MaxNameLength ? name : $"{name.AsSpan(0, MaxNameLength - 1)}…";
}
