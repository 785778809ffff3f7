namespace MnistMlNet.BrowserTests;

/// <summary>A style of handwriting: position on the pad, size, slant and steadiness.</summary>
/// <param name="Left">Left end of the digits, 0 to 1 of the pad.</param>
/// <param name="Top">Upper end of the digits.</param>
/// <param name="Width">Width of a digit.</param>
/// <param name="Height">Height of a digit.</param>
/// <param name="Slant">Shift of the top to the right, in widths.</param>
/// <param name="Tremor">Largest deviation of a point, in widths.</param>
public sealed record Hand(double Left, double Top, double Width, double Height, double Slant, double Tremor)
{
    /// <summary>Maps the points of a stroke from the unit square to the position at which this hand draws them.</summary>
    public (double X, double Y)[] Draw((double X, double Y)[] stroke, Random random) =>
        [.. Curve(stroke).Select(p => (
            Left + (Width * (p.X + (Slant * (0.5 - p.Y)) + (Tremor * ((2 * random.NextDouble()) - 1)))),
            Top + (Height * (p.Y + (Tremor * ((2 * random.NextDouble()) - 1))))))];

    /// <summary>A smooth curve through the points (Catmull-Rom); a point given twice stays a corner.</summary>
    private static IEnumerable<(double X, double Y)> Curve((double X, double Y)[] points)
    {
        const int Steps = 5;
        for (int i = 0; i + 1 < points.Length; i++)
        {
            (double X, double Y) a = points[Math.Max(0, i - 1)], b = points[i], c = points[i + 1],
                d = points[Math.Min(points.Length - 1, i + 2)];
            for (int s = 0; s < Steps && b != c; s++)
            {
                double t = (double)s / Steps;
                yield return (Spline(a.X, b.X, c.X, d.X, t), Spline(a.Y, b.Y, c.Y, d.Y, t));
            }
        }

        yield return points[^1];
    }

    private static double Spline(double a, double b, double c, double d, double t) =>
        b + (0.5 * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));
}
