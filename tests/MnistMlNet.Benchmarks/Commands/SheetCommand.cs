using System.CommandLine;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary><c>sheet</c>: the picture of docs/augmentation.md.</summary>
internal static class SheetCommand
{
    private const int Side = 28;
    private const int Gap = 2;
    private const int Pitch = Side + Gap;
    private const int Variants = 5;

    public static Command Create()
    {
        var path = new Argument<string>("path") { Description = "The PNG file to write." };
        var alpha = new Option<float>("--alpha") { Description = "Strength of the elastic distortion.", DefaultValueFactory = _ => ImageAugmentation.Defaults.ElasticAlpha };
        var sigma = new Option<float>("--sigma") { Description = "Smoothness of the elastic distortion.", DefaultValueFactory = _ => ImageAugmentation.Defaults.ElasticSigma };
        var command = new Command(
            "sheet", "Draws the first ten training digits, one a row: as they are, then five times each affine, elastic, both, noise and masking.") { path, alpha, sigma };
        command.SetAction(parsed => Write(parsed.GetRequiredValue(path), parsed.GetValue(alpha), parsed.GetValue(sigma)));
        return command;
    }

    private static void Write(string path, float alpha, float sigma)
    {
        DenseRows digits = DataSets.Mnist().Take(10);
        IAugmentation[] kinds =
        [
            Augmentation.Affine(Side, Side), Augmentation.Elastic(Side, Side, alpha, sigma), new ImageAugmentation(Side, Side) { ElasticAlpha = alpha, ElasticSigma = sigma },
            new FeatureNoise(0.2f), new FeatureMasking(0.2f),
        ];
        int width = Pitch + kinds.Length * (Gap + Variants * Pitch), height = digits.RowCount * Pitch;
        byte[] pixels = new byte[width * height];
        Array.Fill(pixels, (byte)64);
        var random = new AugmentationRandom(1);
        float[] changed = new float[Side * Side];
        for (int row = 0; row < digits.RowCount; row++)
        {
            Draw(digits.Row(row), pixels, width, 0, row * Pitch);
            for (int kind = 0; kind < kinds.Length; kind++)
            {
                float[] scratch = new float[kinds[kind].GetScratchLength(changed.Length)];
                for (int variant = 0; variant < Variants; variant++)
                {
                    kinds[kind].Apply(digits.Row(row), changed, scratch, random);
                    Draw(changed, pixels, width, Pitch + kind * (Gap + Variants * Pitch) + Gap + variant * Pitch, row * Pitch);
                }
            }
        }

        GreyPng.Write(path, pixels, width, height);
    }

    private static void Draw(ReadOnlySpan<float> image, byte[] pixels, int width, int left, int top)
    {
        for (int i = 0; i < image.Length; i++)
        {
            pixels[(top + i / Side) * width + left + i % Side] = (byte)Math.Clamp(255 * image[i] + 0.5f, 0, 255);
        }
    }
}
