using MnistMlNet.Network;

namespace MnistMlNet.Tests;

public sealed class TwoLayerNetworkModelParametersTests
{
    // h = f(0.5·x₀ - 0.25·x₁ + 0.1); logits = (2h + 0.3, -h)
    private static TwoLayerNetworkModelParameters Tiny(Activation activation = Activation.Relu) =>
        TwoLayerNetworkModelParameters.Create(2, 1, 2, [0.5f, -0.25f], [0.1f], [2, -1], [0.3f, 0], activation);

    // At x = (1, 2): z = 0.5 - 0.5 + 0.1 = 0.1. At x = (0, 2): z = -0.4. p₀ = 1 / (1 + e^-(3h + 0.3)).
    [Theory]
    [InlineData(Activation.Relu, 1, 2, 0.6456563)] // h = 0.1: 1 / (1 + e^-0.6)
    [InlineData(Activation.Relu, 0, 2, 0.5744425)] // h = 0: 1 / (1 + e^-0.3)
    [InlineData(Activation.Identity, 0, 2, 0.2890505)] // h = -0.4: 1 / (1 + e^0.9)
    [InlineData(Activation.Tanh, 0, 2, 0.3015670)] // h = tanh -0.4 = -0.3799490: 1 / (1 + e^0.8398469)
    [InlineData(Activation.Sigmoid, 0, 2, 0.8181609)] // h = 1 / (1 + e^0.4) = 0.4013123: 1 / (1 + e^-1.5039370)
    public void Predict_TwoInputsOneHiddenUnitTwoClasses_MatchesHandArithmetic(Activation activation, float x0, float x1, double expected)
    {
        float[] probabilities = new float[2];

        Tiny(activation).Predict([x0, x1], probabilities);

        // The seven digits of the manual calculation, and about five roundings of 2⁻²⁴.
        Assert.Equal(expected, probabilities[0], 5e-7);
        Assert.Equal(1 - expected, probabilities[1], 5e-7);
    }

    // The same z as above.
    [Theory]
    [InlineData(Activation.Relu, 1, 2, 0.1)]
    [InlineData(Activation.Relu, 0, 2, 0)]
    [InlineData(Activation.Identity, 0, 2, -0.4)]
    [InlineData(Activation.Tanh, 0, 2, -0.3799490)]
    [InlineData(Activation.Sigmoid, 0, 2, 0.4013123)]
    public void HiddenActivations_TwoInputsOneHiddenUnit_MatchesHandArithmetic(Activation activation, float x0, float x1, double expected)
    {
        float[] activations = new float[1];

        Tiny(activation).ComputeHiddenActivations([x0, x1], activations);

        Assert.Equal(expected, activations[0], 5e-7);
    }

    [Fact]
    public void HiddenActivations_SeveralPanels_FeedTheProbabilities()
    {
        // Three panels; the classes' weights are the identity on four units, one in each panel and the last unit, so the logits are those
        // four activations.
        const int Inputs = 5, Distance = PanelLayout.PanelWidth - 10, Hidden = 3 * Distance + 1;
        Assert.Equal(3, new PanelLayout(Inputs, Hidden).PanelCount);
        float[] outputWeights = new float[4 * Hidden];
        for (int c = 0; c < 4; c++)
        {
            outputWeights[(c * Hidden) + (Distance * c)] = 1;
        }

        var model = TwoLayerNetworkModelParameters.Create(
            Inputs, Hidden, 4, Values(Hidden * Inputs, seed: 4), Values(Hidden, seed: 5), outputWeights, new float[4], Activation.Tanh);
        float[] features = Values(Inputs, seed: 6), activations = new float[Hidden], probabilities = new float[4];

        model.ComputeHiddenActivations(features, activations);
        model.Predict(features, probabilities);

        for (int c = 1; c < 4; c++)
        {
            Assert.Equal(activations[Distance * c] - activations[0], Math.Log(probabilities[c] / probabilities[0]), 1e-5);
        }
    }

    [Fact]
    public void HiddenActivations_FeatureNotFinite_GivesNaN()
    {
        float[] activations = new float[1];

        Tiny().ComputeHiddenActivations([float.NegativeInfinity, 0], activations);

        Assert.True(float.IsNaN(activations[0]));
    }

    [Theory]
    [InlineData(1, 1, "features", "features has 1 values; the network has 2 inputs")]
    [InlineData(2, 2, "activations", "activations has room for 2 values; the network has 1 hidden units")]
    public void HiddenActivations_WrongLength_IsRefusedWithFoundAndExpected(int features, int activations, string name, string message)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(name, () =>
            Tiny().ComputeHiddenActivations(new float[features], new float[activations]));

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predict_LogitsThatExpOverflowsAt_GivesProbabilities()
    {
        float[] probabilities = new float[2];

        Tiny(Activation.Identity).Predict([1e6f, 0], probabilities);
        Assert.Equal([1, 0], probabilities);

        Tiny(Activation.Identity).Predict([-1e6f, 0], probabilities);
        Assert.Equal([0, 1], probabilities);
    }

    // Each of them could become finite again: relu(-∞) = 0, and tanh and the sigmoid of an infinity are 1 or 0.
    [Theory]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Identity)]
    public void Predict_FeatureNotFinite_GivesNaN(Activation activation)
    {
        foreach (float feature in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            float[] one = new float[2], batch = new float[6];

            Tiny(activation).Predict([feature, 0], one);
            Tiny(activation).PredictBatch([1, 2, 0, feature, 1, 2], batch);

            Assert.All(one, p => Assert.True(float.IsNaN(p)));
            Assert.All(batch[2..4], p => Assert.True(float.IsNaN(p)));
            Assert.All([.. batch[..2], .. batch[4..]], p => Assert.InRange(p, 0.01f, 0.99f));
        }
    }

    [Fact]
    public void Predict_FiniteFeaturesWhoseSumOverflows_GivesProbabilities()
    {
        float[] probabilities = new float[2];

        Tiny(Activation.Sigmoid).Predict([float.MaxValue, float.MaxValue], probabilities);

        // 0.5 · max - 0.25 · max is far above 0, so h = 1: 1 / (1 + e^-3.3).
        Assert.Equal(0.9644288, probabilities[0], 5e-7);
    }

    [Fact]
    public void PredictBatch_AnyNumberOfRows_IsPredictRowByRow()
    {
        TwoLayerNetworkModelParameters model = Random(inputs: 37, hidden: 19, classes: 5);
        float[] features = Values(100 * 37, seed: 2);
        float[] expected = new float[5];
        foreach (int rows in new[] { 0, 1, 2, 3, 7, 8, 9, 100 })
        {
            float[] batch = new float[rows * 5];

            model.PredictBatch(features.AsSpan(0, rows * 37), batch);

            for (int row = 0; row < rows; row++)
            {
                model.Predict(features.AsSpan(row * 37, 37), expected);
                Assert.Equal(expected, batch[(row * 5)..(row * 5 + 5)]);
            }
        }
    }

    [Theory]
    [InlineData(1, 2, "features", "features has 1 values; the network has 2 inputs")]
    [InlineData(3, 2, "features", "features has 3 values; the network has 2 inputs")]
    [InlineData(0, 2, "features", "features has 0 values; the network has 2 inputs")]
    [InlineData(2, 1, "probabilities", "probabilities has room for 1 values; the network has 2 classes")]
    [InlineData(2, 3, "probabilities", "probabilities has room for 3 values; the network has 2 classes")]
    public void Predict_WrongLength_IsRefusedWithFoundAndExpected(int features, int probabilities, string name, string message)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(name, () => Tiny().Predict(new float[features], new float[probabilities]));

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, 4, "features", "features has 3 values; a multiple of the network's 2 inputs is expected")]
    [InlineData(4, 3, "probabilities", "probabilities has room for 3 values; 2 rows of 2 classes need 4")]
    [InlineData(4, 5, "probabilities", "probabilities has room for 5 values; 2 rows of 2 classes need 4")]
    public void PredictBatch_WrongLength_IsRefusedWithFoundAndExpected(int features, int probabilities, string name, string message)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(name, () =>
            Tiny().PredictBatch(new float[features], new float[probabilities]));

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 1, 2, 2, "hiddenWeights", "hiddenWeights has 1 values; hiddenUnits × inputCount = 2 are expected")]
    [InlineData(2, 0, 2, 2, "hiddenBiases", "hiddenBiases has 0 values; hiddenUnits = 1 are expected")]
    [InlineData(2, 1, 3, 2, "outputWeights", "outputWeights has 3 values; classCount × hiddenUnits = 2 are expected")]
    [InlineData(2, 1, 2, 1, "outputBiases", "outputBiases has 1 values; classCount = 2 are expected")]
    public void Create_WrongLength_IsRefusedWithFoundAndExpected(int w1, int b1, int w2, int b2, string name, string message)
    {
        ArgumentException e = Assert.Throws<ArgumentException>(
            name, () => TwoLayerNetworkModelParameters.Create(2, 1, 2, new float[w1], new float[b1], new float[w2], new float[b2]));

        Assert.StartsWith(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, 2, "inputCount")]
    [InlineData(-3, 1, 2, "inputCount")]
    [InlineData(16_777_217, 1, 2, "inputCount")]
    [InlineData(1, 0, 2, "hiddenUnits")]
    [InlineData(1, 1, 1, "classCount")]
    [InlineData(1, 1, 0, "classCount")]
    public void Create_CountOutOfRange_IsRefusedWithItsNameAndValue(int inputs, int hidden, int classes, string name)
    {
        ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(
            name, () => TwoLayerNetworkModelParameters.Create(inputs, hidden, classes, [], [], [], []));

        Assert.Equal(name switch { "inputCount" => inputs, "hiddenUnits" => hidden, _ => classes }, e.ActualValue);
    }

    [Fact]
    public void Create_MoreParametersThanAllowed_IsRefusedBeforeAnythingIsAllocated()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();

        Assert.ThrowsAny<ArgumentException>(() => TwoLayerNetworkModelParameters.Create(16_777_216, 16_777_216, 2, [], [], [], []));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Create_UnknownActivation_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>("activation", () => Tiny((Activation)9));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void Create_ValueNotFinite_IsRefusedWithItsPlace(float value)
    {
        ArgumentException e = Assert.Throws<ArgumentException>("hiddenWeights", () =>
            TwoLayerNetworkModelParameters.Create(2, 1, 2, [0, value], [0], [0, 0], [0, 0]));
        Assert.StartsWith("hiddenWeights[1] is ", e.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("hiddenBiases", () =>
            TwoLayerNetworkModelParameters.Create(2, 1, 2, [0, 0], [value], [0, 0], [0, 0]));
        Assert.Throws<ArgumentException>("outputWeights", () =>
            TwoLayerNetworkModelParameters.Create(2, 1, 2, [0, 0], [0], [value, 0], [0, 0]));
        Assert.Throws<ArgumentException>("outputBiases", () =>
            TwoLayerNetworkModelParameters.Create(2, 1, 2, [0, 0], [0], [0, 0], [0, value]));
    }

    [Fact]
    public void Create_GivenArrays_CopiesThemAndGivesThemBack()
    {
        float[] w1 = Values(6 * 5, 1), b1 = Values(5, 2), w2 = Values(5 * 3, 3), b2 = Values(3, 4);
        float[][] expected = [[.. w1], [.. b1], [.. w2], [.. b2]];

        TwoLayerNetworkModelParameters model = TwoLayerNetworkModelParameters.Create(6, 5, 3, w1, b1, w2, b2, Activation.Tanh);
        Array.ForEach([w1, b1, w2, b2], Array.Clear);

        Assert.Equal(expected, new[] { model.HiddenWeights, model.HiddenBiases, model.OutputWeights, model.OutputBiases }.Select(block =>
            block.ToArray()));
        Assert.Equal((6, 5, 3, Activation.Tanh), (model.InputCount, model.HiddenUnits, model.ClassCount, model.Activation));
        Assert.Equal(["0", "1", "2"], model.ClassNames.ToArray());
    }

    [Fact]
    public void Predict_ManyThreadsAtOnce_GiveWhatOneGives()
    {
        TwoLayerNetworkModelParameters model = Random(inputs: 50, hidden: 33, classes: 7);
        float[] features = Values(200 * 50, seed: 3);
        float[] expected = new float[200 * 7];
        model.PredictBatch(features, expected);

        Parallel.For(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            int row = i % 200;
            float[] actual = new float[7];
            model.Predict(features.AsSpan(row * 50, 50), actual);
            Assert.Equal(expected[(row * 7)..(row * 7 + 7)], actual);
            Assert.Equal(33 * 50, model.HiddenWeights.Length);
        });
    }

    private static TwoLayerNetworkModelParameters Random(int inputs, int hidden, int classes) => TwoLayerNetworkModelParameters.Create(
        inputs, hidden, classes, Values(inputs * hidden, 4), Values(hidden, 5), Values(hidden * classes, 6), Values(classes, 7));

    private static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }
}
