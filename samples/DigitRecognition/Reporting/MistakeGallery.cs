namespace DigitRecognition.Reporting;

/// <summary>The mistakes with the highest predicted probability, as pictures.</summary>
internal static class MistakeGallery
{
    public static void Write(HtmlWriter html, IReadOnlyList<Mistake> mistakes)
    {
        html.Element("ul", () =>
        {
            foreach (Mistake mistake in mistakes)
            {
                html.Line();
                html.Element("li", () => html.Element("figure", () => WriteOne(html, mistake)));
            }
        }, ("class", "pictures"), ("id", "mistakes"));
    }

    private static void WriteOne(HtmlWriter html, Mistake mistake)
    {
        string sure = PageNumber.Percent(mistake.Prediction.Probability);
        if (SquareImage.Side(mistake.Pixels.Length) is int side)
        {
            html.Empty("img", ("src", PngImage.Address(PngImage.OfGreys(mistake.Pixels, side))),
                ("width", $"{side}"), ("height", $"{side}"),
                ("alt", $"Test image {mistake.Row}: a handwritten {mistake.Label} that was read as {mistake.Prediction.Digit}"));
        }

        html.Element("figcaption", () =>
        {
            html.Element("b", $"{mistake.Label} read as {mistake.Prediction.Digit}");
            html.Text($", {sure} sure; row {mistake.Row:N0}");
        });
    }
}
