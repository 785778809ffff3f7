using System.Text;

namespace DigitRecognition;

/// <summary>Draws an image with half-block characters: one character shows two pixels, one above the other.</summary>
internal static class DigitDrawing
{
    // MNIST's digits are in the centre; without the outer two pixels on each side, three of them fit into 80 columns.
    private const int Margin = 2;
    private const float Ink = 110;

    /// <summary>The number of characters in each line of the drawing of <paramref name="pixels"/>.</summary>
    public static int Width(float[] pixels)
    {
        (int side, int margin) = Shape(pixels);
        return side - (2 * margin);
    }

    /// <summary>The lines of the drawing, as Spectre.Console markup.</summary>
    /// <param name="pixels">A square image row by row, 0 (background) to 255 (ink).</param>
    /// <param name="greys">Whether to draw shades of grey in colour; otherwise a pixel is either ink or background.</param>
    public static string[] Lines(float[] pixels, bool greys)
    {
        (int side, int margin) = Shape(pixels);
        List<string> lines = [];
        StringBuilder line = new();
        for (int y = margin; y < side - margin; y += 2)
        {
            line.Clear();
            for (int x = margin; x < side - margin; x++)
            {
                float upper = pixels[(y * side) + x];
                float lower = y + 1 < side ? pixels[((y + 1) * side) + x] : 0;
                line.Append(greys ? Grey(upper, lower) : Plain(upper, lower));
            }

            lines.Add(line.ToString());
        }

        return [.. lines];
    }

    private static (int Side, int Margin) Shape(float[] pixels)
    {
        int side = (int)Math.Sqrt(pixels.Length);
        return (side, side == DigitImage.Side ? Margin : 0);
    }

    private static string Plain(float upper, float lower) => (upper >= Ink, lower >= Ink) switch
    {
        (true, true) => "█",
        (true, false) => "▀",
        (false, true) => "▄",
        _ => " ",
    };

    private static string Grey(float upper, float lower)
    {
        (byte u, byte l) = ((byte)upper, (byte)lower);

        // Background is a space, so that the drawing still shows the digit's shape when it is copied as text.
        return u == 0 && l == 0 ? "[on rgb(0,0,0)] [/]" : $"[rgb({u},{u},{u}) on rgb({l},{l},{l})]▀[/]";
    }
}
