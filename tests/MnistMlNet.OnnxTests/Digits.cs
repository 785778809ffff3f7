using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.OnnxTests;

/// <summary>The repository's digits: a few to train on, and all 10,000 of the test set.</summary>
public sealed class Digits
{
    public const int TestCount = 10_000;

    public Digits()
    {
        Train = MLContext.Data.TakeRows(Load("train"), 2000);
        Test = Load("t10k");

        // Rows are sparse, so each is expanded: ONNX Runtime takes dense rows.
        TestPixels = [.. Test.GetColumn<VBuffer<float>>("Features").SelectMany(row => row.DenseValues())];
    }

    public MLContext MLContext { get; } = new(seed: 1);

    public IDataView Train { get; }

    public IDataView Test { get; }

    /// <summary>Gets the pixels of the test digits, 0 to 255, row-major.</summary>
    public float[] TestPixels { get; }

    public int PixelCount => TestPixels.Length / TestCount;

    private IDataView Load(string set) =>
        MLContext.Data.LoadFromIdx(MnistFile($"{set}-images-idx3-ubyte.gz"), MnistFile($"{set}-labels-idx1-ubyte.gz"));

    private static string MnistFile(string name)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MnistMlNet.sln")))
            {
                return Path.Combine(folder.FullName, "samples", "data", "mnist", name);
            }
        }

        throw new InvalidOperationException($"No MnistMlNet.sln in '{AppContext.BaseDirectory}' or above it.");
    }
}
