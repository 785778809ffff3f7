using Microsoft.ML.Data;
using Spectre.Console;

namespace DigitRecognition;

/// <summary>A bar for each digit: how many of its images were classified as another digit.</summary>
/// <remarks>Recalls of 96 to 99 % would give ten bars of nearly the same length; the missed images differ visibly.</remarks>
internal static class MissedChart
{
    private const int BarWidth = 40;
    private const string Eighths = " ▏▎▍▌▋▊▉";

    public static void Show(ConfusionMatrix confusion, string[] classNames)
    {
        Screen.Heading("Missed images by digit");
        foreach (string line in Lines(confusion.Counts, classNames))
        {
            Screen.Line(line);
        }
    }

    /// <summary>The chart's lines, as Spectre.Console markup.</summary>
    /// <param name="counts">Counts by <c>[truth][prediction]</c>.</param>
    /// <param name="classNames">Names in the same order.</param>
    public static string[] Lines(IReadOnlyList<IReadOnlyList<double>> counts, string[] classNames)
    {
        double[] shares = [.. counts.Select((row, truth) => row.Sum() is 0 ? 0 : 1 - (row[truth] / row.Sum()))];
        double worst = Math.Max(1e-9, shares.Max());
        int nameWidth = classNames.Max(name => name.Length);
        return
        [
            .. shares.Select((share, truth) =>
                $"{Markup.Escape(classNames[truth].PadLeft(nameWidth))} {counts[truth].Sum() - counts[truth][truth],5:F0} of "
                    + $"{counts[truth].Sum(),6:F0} {100 * share,5:F1} %  [yellow]{Bar(share / worst)}[/]"),
        ];
    }

    private static string Bar(double share)
    {
        int eighths = (int)Math.Round(share * BarWidth * 8);
        string rest = eighths % 8 == 0 ? "" : Eighths[eighths % 8].ToString();
        return new string('█', eighths / 8) + rest;
    }
}
