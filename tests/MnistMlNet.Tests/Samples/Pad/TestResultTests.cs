using DigitPad.Model;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>The measurement of a network with test digits.</summary>
public sealed class TestResultTests
{
    // Unit h sees pixel h only. Pixel 4 is never inked, the others have ink in one of the two digits.
    [Theory]
    [InlineData(0, 1f, 0f, 1f, false)]           // active on one digit, and speaks for the digit 1: it has learned
    [InlineData(1, 1f, -9f, 1f, true)]           // never active: the bias is lower than the input can raise it
    [InlineData(2, 0f, 5f, 1f, true)]            // no input weight: constant, and so no more than a bias
    [InlineData(3, 1f, 0f, 0f, true)]            // no output weight
    [InlineData(4, 1f, 0f, 1f, true)]            // its pixel has no ink in any digit
    [InlineData(5, 1f, 0f, 0.0099f, true)]       // changes the odds between two classes by e^0.0099: below 1 %
    [InlineData(6, 1f, 0f, 0.0102f, false)]      // by more than 1 %
    public void NeverLearned_UnitOfEachKind_IsWhatItsEffectOnThePredictionsIs(int unit, float weight, float bias, float outputWeight,
        bool expected)
    {
        float[] hiddenWeights = new float[8 * 784], hiddenBiases = new float[8], outputWeights = new float[10 * 8];
        hiddenWeights[(unit * 784) + unit] = weight;
        hiddenBiases[unit] = bias;
        outputWeights[(1 * 8) + unit] = outputWeight;
        PadModel model = Model(hiddenWeights, hiddenBiases, outputWeights);
        float[] one = new float[784], other = new float[784];
        Array.Fill(one, 255, 0, 4);
        Array.Fill(other, 255, 5, 3);

        TestResult result = TestResult.Measure(model, [new DigitRow(0, one), new DigitRow(1, other)]);

        Assert.Equal(expected, result.NeverLearned[unit]);
    }

    // If the same weight leads to all classes, softmax doesn't change.
    [Fact]
    public void NeverLearned_SameWeightToAllDigits_IsTrueAndTheEffectsAre0()
    {
        float[] hiddenWeights = new float[8 * 784], outputWeights = new float[10 * 8];
        hiddenWeights[0] = 1;
        for (int digit = 0; digit < 10; digit++)
        {
            outputWeights[digit * 8] = 2.5f;
        }

        PadModel model = Model(hiddenWeights, new float[8], outputWeights);
        float[] inked = new float[784];
        inked[0] = 255;

        Assert.True(TestResult.Measure(model, [new DigitRow(0, inked), new DigitRow(1, new float[784])]).NeverLearned[0]);
        Assert.All(model.Effects[0], effect => Assert.Equal(0, effect));
    }

    [Fact]
    public void Measure_RealDigits_CountsAsMlNetsEvaluationDoes()
    {
        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("pad.zip"));
        MLContext mlContext = new(1);
        IDataView digits = mlContext.Data.LoadFromIdx(
            Repository.MnistFile("t10k-images-idx3-ubyte.gz"), Repository.MnistFile("t10k-labels-idx1-ubyte.gz"));
        ITransformer chain = mlContext.Model.Load(folder.File("pad.zip"), out _);
        MulticlassClassificationMetrics expected = mlContext.MulticlassClassification.Evaluate(chain.Transform(digits));

        TestResult result = TestResult.Measure(PadPipeline.Network(mlContext, chain), DigitRow.Read(digits));

        Assert.Equal(10_000, result.Digits);
        Assert.Equal(expected.MicroAccuracy, result.Accuracy, 1e-9);
    }

    private static PadModel Model(float[] hiddenWeights, float[] hiddenBiases, float[] outputWeights) => new(
        TwoLayerNetworkModelParameters.Create(784, 8, 10, hiddenWeights, hiddenBiases, outputWeights, new float[10]));
}
