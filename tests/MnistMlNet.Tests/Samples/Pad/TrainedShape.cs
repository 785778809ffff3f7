using DigitPad.Model;
using Microsoft.ML;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>The rule for what looks like a digit, trained on MNIST as the sample does it, for all tests of a class.</summary>
public sealed class TrainedShape
{
    internal DigitShape Shape { get; } = DigitShape.Train(new MLContext(1), [.. DigitRow.Read(Digits("train")).Select(row => row.Copy())],
        DigitShape.DefaultEpochs, _ => { }, CancellationToken.None);

    public static IDataView Digits(string set) => new MLContext(1).Data.LoadFromIdx(
        Repository.MnistFile($"{set}-images-idx3-ubyte.gz"), Repository.MnistFile($"{set}-labels-idx1-ubyte.gz"));
}
