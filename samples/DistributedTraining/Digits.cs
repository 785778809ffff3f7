using Microsoft.ML;
using Microsoft.ML.Data;
using Samples;

namespace DistributedTraining;

/// <summary>The digits of MNIST, from the files of this repository.</summary>
internal static class Digits
{
    private static string File(string name) =>
        Path.Combine(SampleFolder.Find("no other place"), "data", "mnist", name);

    public static IDataView Training(MLContext mlContext, int copies, int? rows)
    {
        IDataView digits = mlContext.Data.LoadFromIdx(File("train-images-idx3-ubyte.gz"), File("train-labels-idx1-ubyte.gz"));
        digits = rows is { } count ? mlContext.Data.TakeRows(digits, count) : digits;
        return copies == 1 ? digits : mlContext.Data.LoadFromEnumerable(Repeat(mlContext, digits, copies));
    }

    public static IDataView Test(MLContext mlContext) =>
        mlContext.Data.LoadFromIdx(File("t10k-images-idx3-ubyte.gz"), File("t10k-labels-idx1-ubyte.gz"));

    private static IEnumerable<Digit> Repeat(MLContext mlContext, IDataView digits, int copies)
    {
        Digit[] all = [.. mlContext.Data.CreateEnumerable<Digit>(digits, reuseRowObject: false)];
        return Enumerable.Range(0, copies).SelectMany(_ => all);
    }

    private sealed class Digit
    {
        public string Label { get; set; } = "";

        [VectorType(784)]
        public VBuffer<float> Features { get; set; }
    }
}
