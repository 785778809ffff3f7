using Microsoft.ML.Data;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>A bar for each digit: how many of its images were classified as another digit.</summary>
/// <remarks>Recalls of 96 to 99 % would give ten bars of nearly the same length; the missed images differ visibly.</remarks>
internal static class MissedChart
{
    private const int MaxBar = 40;
    private const string Eighths = " ▏▎▍▌▋▊▉";

    public static void Show(ConfusionMatrix confusion, string[] classNames)
    {
        Screen.Heading("Missed images by digit");
        foreach (string line in Lines(confusion.Counts, classNames, Screen.Width))
        {
            Screen.Line(line);
        }
    }

    /// <summary>The chart's lines, as Spectre.Console markup.</summary>
    /// <param name="counts">Counts by <c>[truth][prediction]</c>.</param>
    /// <param name="classNames">Names in the same order.</param>
    /// <param name="width">The number of columns of the terminal; the bars get those that the numbers leave.</param>
    public static string[] Lines(IReadOnlyList<IReadOnlyList<double>> counts, string[] classNames, int width)
    {
        double[] shares = [.. counts.Select((row, truth) => row.Sum() is 0 ? 0 : 1 - (row[truth] / row.Sum()))];
        double worst = Math.Max(1e-9, shares.Max());
        int nameWidth = classNames.Max(name => name.Length);
        string[] numbers = [.. shares.Select((share, truth) =>
            $"{classNames[truth].PadLeft(nameWidth)} {counts[truth].Sum() - counts[truth][truth],5:F0} of {counts[truth].Sum(),6:F0} "
                + $"{100 * share,5:F1} %")];
        int bar = Math.Clamp(width - numbers.Max(text => text.Length) - 2, 0, MaxBar);
        return [.. numbers.Select((text, truth) => $"{Markup.Escape(text)}  [yellow]{Bar(shares[truth] / worst, bar)}[/]")];
    }

    private static string Bar(double share, int width)
    {
        int eighths = (int)Math.Round(share * width * 8);
        string rest = eighths % 8 == 0 ? "" : Eighths[eighths % 8].ToString();
        return new string('█', eighths / 8) + rest;
    }
}
