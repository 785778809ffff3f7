using Microsoft.ML;
using Microsoft.ML.Data;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>Draws a few test digits with their predictions: some correct ones, and the first mistakes.</summary>
internal static class Gallery
{
    private const int MaxShown = 3;
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

        Draw(digits, right, "right answers");
        if (wrong.Count > 0)
        {
            Draw(digits, wrong, "mistakes");
        }
    }

    private static void Draw(IDataView digits, List<(int Row, string Label, Prediction Prediction)> found, string what)
    {
        int width = DigitDrawing.Width(digits.GetColumn<float[]>("Features").First());
        (int Row, string Label, Prediction Prediction)[] shown = [.. found.Take(Fitting(width, Screen.Width))];
        Screen.Heading($"The first {(shown.Length == 1 ? "" : $"{shown.Length} ")}of {found.Count:N0} {what}");
        if (shown.Length == 0)
        {
            return;
        }

        if (width <= Screen.Width)
        {
            string[][] drawings = [.. shown.Select(item =>
                DigitDrawing.Lines(digits.GetColumn<float[]>("Features").ElementAt(item.Row), Screen.HasGreys))];
            for (int line = 0; line < drawings[0].Length; line++)
            {
                Screen.Line(string.Join(Gap, drawings.Select(drawing => drawing[line])));
            }
        }

        Screen.Line(string.Join(Gap, shown.Select(item => Caption(item.Label, item.Prediction, Math.Min(width, Screen.Width)))));
    }

    /// <summary>The number of drawings next to each other, at most three.</summary>
    public static int Fitting(int drawing, int width) => Math.Clamp((width + Gap.Length) / (drawing + Gap.Length), 1, MaxShown);

    private static string Caption(string label, Prediction prediction, int width)
    {
        string text = label == prediction.Digit
            ? $"{label} ({prediction.Probability:P0})"
            : $"{label}, read as {prediction.Digit} ({prediction.Probability:P0})";
        return $"[{(label == prediction.Digit ? "green" : "red")}]{Markup.Escape(text.PadRight(width))}[/]";
    }
}
