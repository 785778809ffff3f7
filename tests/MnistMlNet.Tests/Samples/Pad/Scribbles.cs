using MnistMlNet.Mnist;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>Images that aren't digits, drawn by formulas. The sample makes its own ones from digits; these have nothing of them.</summary>
internal static class Scribbles
{
    public const int PixelCount = 784;
    private const int Side = 56;

    /// <param name="kind">The kind, as the documentation names it.</param>
    /// <returns><c>[784]</c>, 0 to 255, in MNIST's form.</returns>
    public static float[] Next(string kind, Random random) => kind switch
    {
        "scribble of 12 to 25 turns" => Draw(Curve([.. Enumerable.Range(0, random.Next(12, 26)).Select(_ => Point(random))])),
        "curve of 6 to 10 turns" => Draw(Curve([.. Enumerable.Range(0, random.Next(6, 11)).Select(_ => Point(random))])),
        "zigzag" => Draw(Zigzag(random)),
        "spiral" => Draw(Spiral(random)),
        "3 to 6 lines" => Draw([.. Enumerable.Range(0, random.Next(3, 7)).Select(_ => new[] { Point(random), Point(random) })]),
        "2 lines" => Draw([Point(random), Point(random)], [Point(random), Point(random)]),
        "horizontal line" => Draw([(0, 0), (1, (random.NextDouble() - 0.5) * 0.4)]),
        "grey noise" => [.. Enumerable.Range(0, PixelCount).Select(_ => (float)random.Next(256))],
        "black and white noise" => Noise(random.NextDouble() * 0.5, random),
        "rectangle" => Rectangle(random.Next(8, 21), random.Next(8, 21)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such kind."),
    };

    /// <summary>Strokes with a pen of 11 % of the drawing's longer side, as the pad sends them, brought to MNIST's form.</summary>
    public static float[] Draw(params (double X, double Y)[][] strokes)
    {
        (double X, double Y)[] points = [.. strokes.SelectMany(stroke => stroke)];
        double left = points.Min(p => p.X), top = points.Min(p => p.Y);
        double extent = Math.Max(1e-6, Math.Max(points.Max(p => p.X) - left, points.Max(p => p.Y) - top));
        double scale = 0.8 * Side / extent, pen = 0.11 * 0.8 * Side;
        byte[] image = new byte[Side * Side];
        foreach ((double X, double Y)[] stroke in strokes)
        {
            (double X, double Y)[] scaled =
                [.. stroke.Select(p => (((p.X - left) * scale) + (0.1 * Side), ((p.Y - top) * scale) + (0.1 * Side)))];
            foreach (((double X, double Y) from, (double X, double Y) to) in scaled.Zip(scaled.Skip(1)))
            {
                Line(image, from, to, pen);
            }
        }

        float[] digit = new float[PixelCount];
        Assert.True(MnistImage.Normalize(image, Side, Side, ImagePolarity.LightOnDark, noise: 0, digit));
        return digit;
    }

    // The ink of a pixel is how far the pen covers it, from the distance of its centre to the line.
    private static void Line(byte[] image, (double X, double Y) from, (double X, double Y) to, double pen)
    {
        (double dx, double dy) = (to.X - from.X, to.Y - from.Y);
        double length = Math.Max((dx * dx) + (dy * dy), 1e-9);
        for (int i = 0; i < image.Length; i++)
        {
            (double x, double y) = ((i % Side) + 0.5 - from.X, (i / Side) + 0.5 - from.Y);
            double t = Math.Clamp(((x * dx) + (y * dy)) / length, 0, 1), distance = double.Hypot(x - (t * dx), y - (t * dy));
            image[i] = Math.Max(image[i], (byte)(255 * Math.Clamp((pen / 2) + 0.5 - distance, 0, 1)));
        }
    }

    private static (double X, double Y) Point(Random random) => (random.NextDouble(), random.NextDouble());

    // Through the middles between the points, each point being the control point of a quadratic Bézier curve.
    private static (double X, double Y)[] Curve((double X, double Y)[] points) =>
        [.. from i in Enumerable.Range(1, points.Length - 2)
            let a = Middle(points[i - 1], points[i])
            let b = points[i]
            let c = Middle(points[i], points[i + 1])
            from step in Enumerable.Range(0, 6)
            let t = step / 6.0
            select (((1 - t) * (1 - t) * a.X) + (2 * t * (1 - t) * b.X) + (t * t * c.X),
                ((1 - t) * (1 - t) * a.Y) + (2 * t * (1 - t) * b.Y) + (t * t * c.Y))];

    private static (double X, double Y) Middle((double X, double Y) a, (double X, double Y) b) => ((a.X + b.X) / 2, (a.Y + b.Y) / 2);

    private static (double X, double Y)[] Zigzag(Random random)
    {
        int count = random.Next(6, 13);
        double height = 0.5 + (0.7 * random.NextDouble());
        bool isUpright = random.Next(2) == 0;
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            (double along, double across) = ((double)i / (count - 1), (i % 2 == 0 ? 0 : height) + (0.1 * random.NextDouble()));
            return isUpright ? (across, along) : (along, across);
        })];
    }

    private static (double X, double Y)[] Spiral(Random random)
    {
        double turns = 2 + (2 * random.NextDouble()), phase = 7 * random.NextDouble();
        return [.. Enumerable.Range(0, 80).Select(i =>
        {
            double angle = i / 79.0 * turns * 2 * Math.PI;
            return (angle * Math.Cos(angle + phase), angle * Math.Sin(angle + phase));
        })];
    }

    private static float[] Noise(double inked, Random random) =>
        [.. Enumerable.Range(0, PixelCount).Select(_ => random.NextDouble() < inked ? 255f : 0)];

    private static float[] Rectangle(int width, int height) =>
        [.. Enumerable.Range(0, PixelCount).Select(i =>
            Math.Abs((2 * (i % 28)) - 27) < width && Math.Abs((2 * (i / 28)) - 27) < height ? 255f : 0)];
}
