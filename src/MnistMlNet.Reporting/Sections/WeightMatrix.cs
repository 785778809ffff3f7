using MnistMlNet.Reporting.Charts;
using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Sections;

/// <summary>The weights of a network on a table: a row for each feature and for each output, a column for each hidden unit.</summary>
internal static class WeightMatrix
{
    private const int MaxUnits = 32;
    private const int MaxFeatures = 40;
    private const int MaxOutputs = 20;
    private const double Cell = 15;
    private const double LetterWidth = 7.8;
    private const int MaxNameLength = 28;
    private const double Top = 20;
    private const double Gap = 22;

    public static void Write(HtmlWriter html, ReportContent content)
    {
        HiddenUnit[] units = [
            .. HiddenUnit.All(content.Model, content.Features.Deviations).OrderByDescending(unit => unit.Strength).Take(MaxUnits)];
        int[] features = [
            .. Enumerable.Range(0, content.Model.InputCount)
                .OrderByDescending(feature => units.Sum(unit => (double)unit.Weights[feature] * unit.Weights[feature])).Take(MaxFeatures)];
        int outputs = Math.Min(MaxOutputs, content.Model.OutputCount);
        float inner = WeightColours.LimitOf(units.SelectMany(unit => features.Select(feature => unit.Weights[feature])));
        float outer = WeightColours.LimitOf(units.SelectMany(unit => unit.Effects));
        html.Element("p", () =>
        {
            html.Text("A column for each hidden unit, the strongest first. Above, the weights from the features, each times the "
                + "standard deviation of its feature, so that they compare; features with large weights first. Below, the weights to the "
                + $"outputs.{Omitted(content, units.Length, features.Length, outputs)} ");
            WeightColours.WriteKeys(html, $"{inner:G3} (above) or {outer:G3} (below)");
        });
        string[] featureNames = [.. features.Select(feature => Shortened(content.FeatureName(feature)))];
        string[] outputNames = [.. Enumerable.Range(0, outputs).Select(output => Shortened(OutputName(content, output)))];
        double left = 8 + (LetterWidth * featureNames.Concat(outputNames).Max(name => name.Length));
        double width = left + (Cell * units.Length) + 8, lower = Top + (Cell * features.Length) + Gap;
        HtmlTable.WriteScrolled(html, "Weights", () => html.Element("div", () => PlotArea.WriteDrawing(
            html, "weights", "Weights of the network", $"{features.Length} features and {outputs} outputs by {units.Length} hidden units.",
            width, lower + (Cell * outputs) + 8, isFile: false, () =>
            {
                foreach ((int column, HiddenUnit unit) in units.Index())
                {
                    Label($"{unit.Index}", left + (Cell * (column + 0.5)), Top - 6, "middle", "unit");
                }

                Picture(features.Length, Top, inner, (unit, row) => unit.Weights[features[row]], featureNames);
                Picture(outputs, lower, outer, (unit, row) => unit.Effects[row], outputNames);
            }), ("style", $"width:{PageNumber.Position(width)}px")));

        void Picture(int rows, double top, float limit, Func<HiddenUnit, int, float> weight, string[] names)
        {
            for (int row = 0; row < rows; row++)
            {
                Label(names[row], left - 6, top + (Cell * (row + 0.5)) + 4, "end", "name");
            }

            IEnumerable<float> weights = Enumerable.Range(0, rows).SelectMany(row => units.Select(unit => weight(unit, row)));
            html.Empty("image", ("href", WeightColours.Picture(weights, units.Length, limit)), ("class", "matrix"),
                ("preserveAspectRatio", "none"), ("x", PageNumber.Position(left)), ("y", PageNumber.Position(top)),
                ("width", $"{Cell * units.Length}"), ("height", $"{Cell * rows}"));
            html.Empty("rect", ("class", "frame"), ("x", PageNumber.Position(left)), ("y", PageNumber.Position(top)),
                ("width", $"{Cell * units.Length}"), ("height", $"{Cell * rows}"));
        }

        void Label(string text, double x, double y, string anchor, string style) => html.Element(
            "text", text, ("class", style), ("x", PageNumber.Position(x)), ("y", PageNumber.Position(y)), ("text-anchor", anchor));
    }

    private static string OutputName(ReportContent content, int output) => content.Result switch
    {
        ClassResult { PositiveProbabilities: not null } pair => pair.ClassNames[1],
        NumberResult numbers => numbers.OutputNames[output],
        _ => content.Network.OutputNames[output],
    };

    private static string Omitted(ReportContent content, int units, int features, int outputs)
    {
        string text = string.Join(", ", new[]
        {
            units < content.Model.HiddenUnits ? $"{units} of {content.Model.HiddenUnits} units" : "",
            features < content.Model.InputCount ? $"{features} of {content.Model.InputCount} features" : "",
            outputs < content.Model.OutputCount ? $"{outputs} of {content.Model.OutputCount} outputs" : "",
        }.Where(part => part.Length > 0));
        return text.Length == 0 ? "" : $" Shown are {text}.";
    }

    private static string Shortened(string name) => name.Length <= MaxNameLength ? name : $"{name.AsSpan(0, MaxNameLength - 1)}…";
}
