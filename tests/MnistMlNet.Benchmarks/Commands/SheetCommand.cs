using System.CommandLine;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary><c>sheet</c>: the picture of docs/augmentation.md.</summary>
internal static class SheetCommand
{
    private const int Side = 28;
    private const int Digits = 6;

    /// <summary>The width of a digit's pixel, in pixels of the picture.</summary>
    private const int Zoom = 2;

    private const int Pitch = Zoom * Side + 4;

    /// <summary>The space between two kinds.</summary>
    private const int Gap = 8;

    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "The PNG file to write." };
        var alpha = new Option<float>("--alpha")
        {
            Description = "Strength of the elastic distortion.",
            DefaultValueFactory = _ =>
            ImageAugmentation.Defaults.ElasticAlpha
        };
        var sigma = new Option<float>("--sigma")
        {
            Description = "Smoothness of the elastic distortion.",
            DefaultValueFactory = _ =>
            ImageAugmentation.Defaults.ElasticSigma
        };
        var command = new Command(
            "sheet", "Draws the first training digits, one per row: unchanged, then four times each affine, elastic and both, and twice "
                + "noise and masking.") { path, alpha, sigma };
        command.SetAction(parsed => Write(parsed.GetRequiredValue(path), parsed.GetValue(alpha), parsed.GetValue(sigma)));
        return command;
    }

    private static void Write(string path, float alpha, float sigma)
    {
        DenseRows digits = DataSets.Mnist().Take(Digits);
        (IAugmentation Augmentation, int Count)[] kinds =
        [
            (Augmentation.Affine(Side, Side, 0, 0, 1, 1, 0), 1),                   // unchanged
            (Augmentation.Affine(Side, Side), 4), (Augmentation.Elastic(Side, Side, alpha, sigma), 4),
            (new ImageAugmentation(Side, Side) { ElasticAlpha = alpha, ElasticSigma = sigma }, 4),
            (new FeatureNoise(0.2f), 2), (new FeatureMasking(0.2f), 2),
        ];
        int width = kinds.Sum(kind => kind.Count) * Pitch + (kinds.Length - 1) * Gap, height = digits.RowCount * Pitch;
        byte[] pixels = new byte[width * height];
        Array.Fill(pixels, byte.MaxValue);
        var random = new AugmentationRandom(1);
        float[] changed = new float[Side * Side];
        for (int row = 0; row < digits.RowCount; row++)
        {
            int left = 0;
            foreach ((IAugmentation augmentation, int count) in kinds)
            {
                float[] scratch = new float[augmentation.GetScratchLength(changed.Length)];
                for (int variant = 0; variant < count; variant++)
                {
                    augmentation.Apply(digits.Row(row), changed, scratch, random);
                    Draw(changed, pixels, width, left, row * Pitch);
                    left += Pitch;
                }

                left += Gap;
            }
        }

        File.WriteAllBytes(path, PngImage.OfGreys(pixels, width));
    }

    private static void Draw(ReadOnlySpan<float> image, byte[] pixels, int width, int left, int top)
    {
        for (int y = 0; y < Zoom * Side; y++)
        {
            for (int x = 0; x < Zoom * Side; x++)
            {
                pixels[(top + y) * width + left + x] = (byte)Math.Clamp(255 * image[y / Zoom * Side + x / Zoom] + 0.5f, 0, 255);
            }
        }
    }
}
