using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Sections;

/// <summary>The weights: a picture of each hidden unit where the features are images, else one matrix.</summary>
internal static class WeightSection
{
    private const int MaxPictures = 64;

    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (content.Image is { } image)
        {
            WritePictures(html, content, image);
        }
        else
        {
            WeightMatrix.Write(html, content);
        }
    }

    private static void WritePictures(HtmlWriter html, ReportContent content, ImageShape image)
    {
        TwoLayerNetworkModelParametersBase model = content.Model;
        HiddenUnit[] units = [
            .. HiddenUnit.All(model, [.. Enumerable.Repeat(1d, model.InputCount)])
                .OrderByDescending(unit => unit.Strength).Take(MaxPictures).OrderBy(unit => unit.Index)];
        HiddenUnit strongest = units.MaxBy(unit => unit.Strength)!;
        float limit = WeightColours.LimitOf(units.SelectMany(unit => unit.Weights));
        html.Element("p", () =>
        {
            html.Text(units.Length < model.HiddenUnits ? $"The {units.Length} strongest of {model.HiddenUnits} units. " : "");
            html.Text("One scale for all pictures: ");
            WeightColours.WriteKeys(html, $"{limit:G3}");
        });
        html.Element("ul", () =>
        {
            foreach (HiddenUnit unit in units)
            {
                html.Line();
                html.Element("li", () => html.Element("figure", () => WriteOne(unit)));
            }
        }, ("class", "pictures"), ("id", "units"));

        void WriteOne(HiddenUnit unit)
        {
            string effect = unit.IsAlive(strongest) ? Effect(unit, content.Network.OutputNames) : "almost no effect";
            html.Empty("img", ("src", WeightColours.Picture(unit.Weights, image.Width, limit)),
                ("width", $"{image.Width}"), ("height", $"{image.Height}"),
                ("alt", $"Weights of hidden unit {unit.Index}, from {unit.Weights.Min():F2} to {unit.Weights.Max():F2}; {effect}"));
            html.Element("figcaption", () =>
            {
                html.Element("b", $"unit {unit.Index}");
                html.Empty("br");
                html.Text(effect);
            });
        }
    }

    private static string Effect(HiddenUnit unit, IReadOnlyList<string> names)
    {
        string raised = Names(unit.Raised()), lowered = Names(unit.Lowered());
        return string.Join(", ", new[] { raised.Length > 0 ? $"for {raised}" : "", lowered.Length > 0 ? $"against {lowered}" : "" }
            .Where(text => text.Length > 0));

        string Names(int[] outputs) => string.Join(" and ", outputs.Select(output => names[output]));
    }
}
