using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Sections;

/// <summary>The mistakes of which the model was most certain: as pictures where the features are images, else as a table.</summary>
internal static class MistakeSection
{
    private const int MaxFeatures = 24;

    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (content.Mistakes.Count == 0)
        {
            html.Element("p", content.Options.MaxMistakes == 0 ? "They were left out: MaxMistakes is 0." : "There was none.");
            return;
        }

        bool areErrors = content.Result is NumberResult;
        html.Element("p", $"The {(areErrors ? "rows with the largest errors" : "wrong predictions with the highest probability")}. "
            + "Look for a wrong label, for features that are missing or wrong, and for a kind of row that the training data doesn't have.");
        if (content.Image is { } image)
        {
            WritePictures(html, content, image, areErrors);
        }
        else
        {
            WriteTable(html, content);
        }
    }

    private static void WritePictures(HtmlWriter html, ReportContent content, ImageShape image, bool areErrors)
    {
        // One scale for all pictures; the darkest is 0 or below.
        float most = Math.Max(content.Mistakes.Max(mistake => mistake.Features.Max()), float.Epsilon);
        float least = Math.Min(0, content.Mistakes.Min(mistake => mistake.Features.Min()));
        html.Element("ul", () =>
        {
            foreach (Mistake mistake in content.Mistakes)
            {
                html.Line();
                html.Element("li", () => html.Element("figure", () =>
                {
                    byte[] pixels = [.. mistake.Features.Select(value => (byte)Math.Round(255 * ((value - least) / (most - least))))];
                    html.Empty("img", ("src", PngImage.Address(PngImage.OfGreys(pixels, image.Width))),
                        ("width", $"{image.Width}"), ("height", $"{image.Height}"),
                        ("alt", $"Test row {mistake.Row}: {mistake.Truth}, predicted as {mistake.Prediction}"));
                    html.Element("figcaption", () =>
                    {
                        html.Element("b", $"{mistake.Truth} read as {mistake.Prediction}");
                        html.Text($", {(areErrors ? $"error {mistake.Certainty}" : $"{mistake.Certainty} sure")}; row {mistake.Row:N0}");
                    });
                }));
            }
        }, ("class", "pictures"), ("id", "mistakes"));
    }

    private static void WriteTable(HtmlWriter html, ReportContent content)
    {
        int[] features = Shown(content);
        string note = features.Length < content.Model.InputCount ? $" {features.Length} of {content.Model.InputCount} features are shown"
            + (content.Importance is null ? "." : ", the most important ones.") : "";
        html.Element("p", $"Rows are numbered from 1 in the test data. Features are as the network reads them.{note}");
        string certainty = content.Result is NumberResult ? "error" : "probability";
        HtmlTable.WriteNumbers(
            html, "mistakes", "Mistakes", ["row", "true", "predicted", certainty, .. features.Select(content.FeatureName)],
            content.Mistakes.Select(mistake => (string[])[
                $"{mistake.Row:N0}", mistake.Truth, mistake.Prediction, mistake.Certainty,
                .. features.Select(feature => PageNumber.Measure(mistake.Features[feature]))]),
            bars: []);
    }

    private static int[] Shown(ReportContent content)
    {
        int count = content.Model.InputCount;
        if (count <= MaxFeatures || content.Importance is null)
        {
            return [.. Enumerable.Range(0, Math.Min(count, MaxFeatures))];
        }

        return [.. content.Importance.Features.Take(MaxFeatures).Select(feature => feature.Index).Order()];
    }
}
