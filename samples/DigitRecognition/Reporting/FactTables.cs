using MnistMlNet;

namespace DigitRecognition.Reporting;

/// <summary>The report's plain tables.</summary>
internal static class FactTables
{
    public static void Write(HtmlWriter html, IReadOnlyList<Fact> facts, string nameHeading, string valueHeading) =>
        html.Element("table", () =>
    {
        Head(html, [nameHeading, valueHeading], "text");
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

    public static void WriteFiles(HtmlWriter html, IReadOnlyList<DataFileFact> files)
    {
        foreach (DataFileFact fact in files)
        {
            html.Element("h3", fact.Use);
            html.Element("table", () => html.Element("tbody", () =>
            {
                Row("File", fact.Name);
                Row("Rows", fact.Rows);
                Row("SHA-256 (uncompressed)", fact.Sha256);
                Row("Origin and licence", fact.Origin);
            }), ("class", "facts"));
        }

        void Row(string name, string value) => html.Element("tr", () =>
        {
            html.Element("th", name, ("scope", "row"));
            html.Element("td", value);
        });
    }

    public static void WriteEpochs(HtmlWriter html, IReadOnlyList<TrainingEpoch> epochs)
    {
        bool hasValidation = epochs.Any(epoch => epoch.ValidationLoss is not null);
        string[] validation = hasValidation ? ["validation loss", "validation accuracy"] : [];
        html.Element("div", () => html.Element("table", () =>
        {
            Head(html, ["epoch", "loss", "accuracy", .. validation, "learning rate", "seconds"]);
            html.Element("tbody", () =>
            {
                foreach (TrainingEpoch epoch in epochs)
                {
                    string[] measured = hasValidation
                        ? [$"{epoch.ValidationLoss:F4}", PageNumber.Percent(epoch.ValidationAccuracy ?? double.NaN, 2)] : [];
                    string[] cells = [$"{epoch.TrainLoss:F4}", PageNumber.Percent(epoch.TrainAccuracy, 2), .. measured,
                        $"{epoch.LearningRate:G3}", $"{epoch.Elapsed.TotalSeconds:F2}"];
                    html.Element("tr", () =>
                    {
                        html.Element("th", $"{epoch.Epoch}", ("scope", "row"));
                        Array.ForEach(cells, cell => html.Element("td", cell));
                    });
                }
            });
        }, ("id", "epochs"), ("class", "numbers")), ("class", "scroll"), ("tabindex", "0"), ("role", "region"),
            ("aria-label", "All epochs"));
    }

    private static void Head(HtmlWriter html, string[] names, string style = "") => html.Element("thead", () => html.Element("tr", () =>
    {
        foreach (string name in names)
        {
            html.Element("th", name, ("scope", "col"), ("class", style));
        }
    }));
}
