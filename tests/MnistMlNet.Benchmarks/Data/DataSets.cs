namespace MnistMlNet.Benchmarks.Data;

/// <summary>The data that the benchmarks run on.</summary>
internal static class DataSets
{
    /// <summary>Where Debian's package dataset-fashion-mnist puts its files.</summary>
    private const string FashionFolder = "/usr/share/datasets/fashion-mnist";

    public const string FashionName = "fashion";

    /// <summary>Training images of either set.</summary>
    public const int TrainingRows = 60_000;

    private const int PixelCount = 784;

    public static IdxPair MnistTrain => Pair(MnistFolder(), "train");

    public static IdxPair MnistTest => Pair(MnistFolder(), "t10k");

    /// <summary>Gets the reason why Fashion-MNIST can't be measured here, or null where it can.</summary>
    public static string? WhyNoFashion => Directory.Exists(FashionFolder)
        ? null
        : $"{FashionFolder} isn't there; `apt-get install dataset-fashion-mnist` brings it";

    public static IdxPair Train(string name) => Pair(name == FashionName ? FashionFolder : MnistFolder(), "train");

    public static IdxPair Test(string name) => Pair(name == FashionName ? FashionFolder : MnistFolder(), "t10k");

    public static DenseRows Mnist() => MnistTrain.ToDenseRows("MNIST");

    public static DenseRows MnistDigitsToPredict() => MnistTest.ToDenseRows("MNIST");

    public static DenseRows Fashion() => Pair(FashionFolder, "train").ToDenseRows("Fashion-MNIST");

    /// <summary>
    /// Rows without zeros, from -1 to 1. A linear model determines the label, so that there is something to learn. If the mean of the rows
    /// weren't 0, a wide network would train so unsteadily that rounding would show in its loss.
    /// </summary>
    public static DenseRows Dense(int rows, int inputs = PixelCount)
    {
        var random = new Random(1);
        float[] teacher = new float[DenseRows.ClassCount * inputs];
        foreach (ref float weight in teacher.AsSpan())
        {
            weight = random.NextSingle() - 0.5f;
        }

        float[] features = new float[rows * inputs];
        foreach (ref float feature in features.AsSpan())
        {
            feature = (1 - random.NextSingle()) * (random.Next(2) == 0 ? 1 : -1);               // never 0
        }

        int[] labels = new int[rows];
        float[] scores = new float[DenseRows.ClassCount];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = features.AsSpan(row * inputs, inputs);
            for (int c = 0; c < scores.Length; c++)
            {
                scores[c] = System.Numerics.Tensors.TensorPrimitives.Dot(x, teacher.AsSpan(c * inputs, inputs));
            }

            labels[row] = System.Numerics.Tensors.TensorPrimitives.IndexOfMax<float>(scores);
        }

        return new DenseRows("dense random", inputs, features, labels);
    }

    private static IdxPair Pair(string folder, string prefix) =>
        new(Path.Combine(folder, $"{prefix}-images-idx3-ubyte.gz"), Path.Combine(folder, $"{prefix}-labels-idx1-ubyte.gz"));

    /// <summary>Searches for <c>samples/data/mnist</c> upwards from the program's folder and from the current folder.</summary>
    private static string MnistFolder()
    {
        foreach (string start in new[] { AppContext.BaseDirectory, Directory.GetCurrentDirectory() })
        {
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string candidate = Path.Combine(folder.FullName, "samples", "data", "mnist");
                if (Directory.Exists(candidate))
                {
                    return candidate;
                }
            }
        }

        throw new DirectoryNotFoundException("There is no samples/data/mnist above the program or the current folder; run inside the "
            + "repository.");
    }
}
