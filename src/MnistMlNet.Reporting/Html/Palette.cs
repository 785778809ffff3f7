using System.Text;

namespace MnistMlNet.Reporting.Html;

/// <summary>
/// The page's colours, one set for light and one for dark screens. They are based on blue and orange, which colour-blind readers can
/// distinguish. docs/reporting.md, "Colours", says what each stands for; DigitPad's pad.css uses the same ones.
/// </summary>
internal sealed class Palette
{
    /// <summary>Weights above 0. Visible on either background, so that one picture serves both.</summary>
    public const string Positive = "#2f7fd1";

    /// <summary>Weights below 0.</summary>
    public const string Negative = "#c8641b";

    public static Palette Light { get; } = new()
    {
        Page = "#ffffff",
        Panel = "#f3f5f8",
        Ink = "#1b1f24",
        Muted = "#57606a",
        Rule = "#cbd3dc",
        Accent = "#0b5cad",
        Second = "#9a4a00",
        Wrong = [new("#1b1f24", "#fff3e4"), new("#1b1f24", "#ffdfb8"), new("#1b1f24", "#ffbd73"), new("#1b1f24", "#ec8b26"),
            new("#ffffff", "#a84f00")],
        Right = [new("#1b1f24", "#dbeafe"), new("#1b1f24", "#9cc8f5"), new("#ffffff", "#0b5cad")],
    };

    public static Palette Dark { get; } = new()
    {
        Page = "#0f1419",
        Panel = "#182028",
        Ink = "#e6edf3",
        Muted = "#9da9b5",
        Rule = "#374653",
        Accent = "#6cb6ff",
        Second = "#f0a45d",
        Wrong = [new("#e6edf3", "#2a1f14"), new("#e6edf3", "#4a2f12"), new("#e6edf3", "#74440f"), new("#0f1419", "#cf7d22"),
            new("#0f1419", "#ffc078")],
        Right = [new("#e6edf3", "#10253a"), new("#e6edf3", "#164a7d"), new("#0f1419", "#6cb6ff")],
    };

    public required string Page { get; init; }

    /// <summary>The background of tiles and table headers.</summary>
    public required string Panel { get; init; }

    public required string Ink { get; init; }

    public required string Muted { get; init; }

    /// <summary>Thin separator lines; they carry no meaning.</summary>
    public required string Rule { get; init; }

    public required string Accent { get; init; }

    public required string Second { get; init; }

    /// <summary>Cells of mistakes, from the rarest to the most frequent.</summary>
    public required ColourPair[] Wrong { get; init; }

    /// <summary>Cells of correct answers, from the lowest recall to the highest.</summary>
    public required ColourPair[] Right { get; init; }

    /// <summary>The colours as CSS variables.</summary>
    public string ToCss()
    {
        StringBuilder css = new(
            $"--page:{Page};--panel:{Panel};--ink:{Ink};--muted:{Muted};--rule:{Rule};--accent:{Accent};--second:{Second};");
        AddRamp(css, "wrong", Wrong);
        AddRamp(css, "right", Right);
        return css.ToString();
    }

    private static void AddRamp(StringBuilder css, string name, ColourPair[] ramp)
    {
        for (int i = 0; i < ramp.Length; i++)
        {
            css.Append($"--{name}{i}:{ramp[i].Background};--{name}{i}-ink:{ramp[i].Text};");
        }
    }
}
