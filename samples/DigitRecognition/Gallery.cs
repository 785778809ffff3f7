using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>Draws a few test digits with their predictions: some correct ones, and the first mistakes.</summary>
internal static class Gallery
{
    private const int PerRow = 3;
    private const string Gap = "  ";

    public static void Show(IDataView digits, IDataView scored)
    {
        List<(int Row, string Label, Prediction Prediction)> right = [];
        List<(int Row, string Label, Prediction Prediction)> wrong = [];
        int row = 0;
        foreach ((string label, Prediction prediction) in digits.GetColumn<string>("Label").Zip(Predictions.Read(scored)))
        {
            (label == prediction.Digit ? right : wrong).Add((row++, label, prediction));
        }

        Screen.Heading($"The first {Math.Min(PerRow, right.Count)} of {right.Count:N0} right answers");
        Draw(digits, right);
        if (wrong.Count > 0)
        {
            Screen.Heading($"The first {Math.Min(PerRow, wrong.Count)} of {wrong.Count:N0} mistakes");
            Draw(digits, wrong);
        }
    }

    private static void Draw(IDataView digits, List<(int Row, string Label, Prediction Prediction)> found)
    {
        if (found.Count == 0)
        {
            return;
        }

        (int Row, string Label, Prediction Prediction)[] shown = [.. found.Take(PerRow)];
        float[][] images = [.. shown.Select(item => digits.GetColumn<float[]>("Features").ElementAt(item.Row))];
        string[][] drawings = [.. images.Select(image => DigitDrawing.Lines(image, Screen.HasGreys))];
        for (int line = 0; line < drawings[0].Length; line++)
        {
            Screen.Line(string.Join(Gap, drawings.Select(drawing => drawing[line])));
        }

        int width = DigitDrawing.Width(images[0]);
        Screen.Line(string.Join(Gap, shown.Select(item => Caption(item.Label, item.Prediction, width))));
    }

    private static string Caption(string label, Prediction prediction, int width)
    {
        string text = label == prediction.Digit
            ? $"{label} ({prediction.Probability:P0})"
            : $"{label}, read as {prediction.Digit} ({prediction.Probability:P0})";
        return $"[{(label == prediction.Digit ? "green" : "red")}]{Markup.Escape(text.PadRight(width))}[/]";
    }
}
