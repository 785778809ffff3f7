using MnistMlNet.Network;
using MnistMlNet.Tests.Network;

namespace MnistMlNet.Tests;

/// <summary>Explanations of the model's predictions: probabilities with their class names, and which features a logit depends on.</summary>
public sealed class ExplainTests
{
    // Identity, so that the gradient of logit c is the row c of W2 · W1: (2, -1)ᵀ · (0.5, -0.25).
    private static readonly TwoLayerNetworkModelParameters s_linear =
        TwoLayerNetworkModelParameters.Create(2, 1, 2, [0.5f, -0.25f], [0.1f], [2, -1], [0.3f, 0], Activation.Identity);

    public static TheoryData<Activation> Activations => [.. Enum.GetValues<Activation>()];

    [Fact]
    public void Class_probabilities_come_with_names_and_the_most_probable_first()
    {
        // x = (0, 2): h = -0.4, logits (-0.5, 0.4), p₀ = 1 / (1 + e^0.9) = 0.2890505.
        ClassProbability[] named = [.. s_linear.GetClassProbabilities([0, 2])];

        Assert.Equal(["1", "0"], named.Select(entry => entry.ClassName));
        Assert.Equal(0.7109495, named[0].Probability, 5e-7);
        Assert.Equal(0.2890505, named[1].Probability, 5e-7);
    }

    [Fact]
    public void Class_probabilities_have_the_label_s_values_and_are_those_of_Predict()
    {
        var mlContext = new Microsoft.ML.MLContext(seed: 1);
        Example[] rows = Examples.Rows(60);
        TwoLayerNetworkModelParameters model = Examples.Trainer(mlContext).Fit(Examples.Keyed(mlContext, rows)).Model;
        float[] probabilities = new float[3];

        foreach (Example row in rows)
        {
            model.Predict(row.Features, probabilities);
            ClassProbability[] named = [.. model.GetClassProbabilities(row.Features)];

            Assert.Equal(named.OrderByDescending(entry => entry.Probability), named);
            Assert.Equal(["a", "b", "c"], named.Select(entry => entry.ClassName).Order());
            Assert.All(named, entry => Assert.Equal(probabilities[entry.ClassName[0] - 'a'], entry.Probability));
        }
    }

    [Fact]
    public void Equal_probabilities_and_those_that_are_NaN_keep_the_order_of_the_classes()
    {
        TwoLayerNetworkModelParameters even = TwoLayerNetworkModelParameters.Create(1, 1, 4, [0], [0], [0, 0, 0, 0], [0, 0, 1, 0]);

        Assert.Equal(["2", "0", "1", "3"], even.GetClassProbabilities([1]).Select(entry => entry.ClassName));
        Assert.Equal(["0", "1", "2", "3"], even.GetClassProbabilities([float.NaN]).Select(entry => entry.ClassName));
        Assert.All(even.GetClassProbabilities([float.NaN]), entry => Assert.True(float.IsNaN(entry.Probability)));
    }

    [Fact]
    public void Saliency_of_a_linear_network_is_the_product_of_its_weights()
    {
        float[] gradient = new float[2];

        s_linear.ComputeSaliency([3, -7], 0, gradient);
        Assert.Equal([1, -0.5f], gradient);

        s_linear.ComputeSaliency([3, -7], 1, gradient);
        Assert.Equal([-0.5f, 0.25f], gradient);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Saliency_is_the_central_difference_of_the_logit(Activation activation)
    {
        AssertSaliency(activation, inputs: 7, hiddenUnits: 5, classes: 3);                                   // one narrow panel each

        // Two and three panels of hidden units, the last one narrow; two panels of classes.
        AssertSaliency(activation, inputs: 9, hiddenUnits: PanelLayout.PanelWidth + 6, classes: 18);
        AssertSaliency(activation, inputs: 3, hiddenUnits: 2 * PanelLayout.PanelWidth + 22, classes: PanelLayout.PanelWidth + 2);
        AssertSaliency(activation, inputs: 70, hiddenUnits: 3, classes: PanelLayout.PanelWidth + 2);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Saliency_of_a_row_that_is_not_finite_is_NaN(Activation activation)
    {
        TwoLayerNetworkModelParameters model = TwoLayerNetworkModelParameters.Create(2, 1, 2, [0.5f, -0.25f], [0.1f], [2, -1], [0.3f, 0],
            activation);

        foreach (float feature in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            float[] gradient = new float[2];
            model.ComputeSaliency([feature, 0], 0, gradient);
            Assert.All(gradient, value => Assert.True(float.IsNaN(value)));
        }
    }

    [Fact]
    public void Saliency_refuses_what_does_not_fit_by_name()
    {
        Assert.Contains("3 values", Assert.Throws<ArgumentException>("features", () =>
            s_linear.ComputeSaliency(new float[3], 0, new float[2])).Message, StringComparison.Ordinal);
        Assert.Contains("room for 1", Assert.Throws<ArgumentException>("gradient", () =>
            s_linear.ComputeSaliency(new float[2], 0, new float[1])).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 1", Assert.Throws<ArgumentOutOfRangeException>("classIndex", () =>
            s_linear.ComputeSaliency(new float[2], 2, new float[2])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("classIndex", () => s_linear.ComputeSaliency(new float[2], -1, new float[2]));
        Assert.Throws<ArgumentException>("features", () => s_linear.GetClassProbabilities(new float[1]));
    }

    private static void AssertSaliency(Activation activation, int inputs, int hiddenUnits, int classes)
    {
        NetworkParameters parameters = FlatParameters.Random(seed: 21, inputs, hiddenUnits, classes, activation);
        ReferenceNetwork reference = FlatParameters.Reference(parameters);
        var model = new TwoLayerNetworkModelParameters(parameters, default);
        float[] row = SampleNumbers.Floats(new Random(22), inputs), gradient = new float[inputs];
        row[1] = 0;                                                                                          // a zero has a derivative, too
        for (int c = 0; c < classes; c++)
        {
            model.ComputeSaliency(row, c, gradient);

            double[] expected = new double[inputs];
            for (int i = 0; i < inputs; i++)
            {
                // 2⁻¹⁰: the third derivatives of up to 150 units give an error below 1e-6, and for this seed no unit has a kink within the
                // step.
                float kept = row[i];
                row[i] = kept + 1f / 1024;
                (double above, double at) = (reference.LogitsOf(row)[c], row[i]);
                row[i] = kept - 1f / 1024;
                expected[i] = (above - reference.LogitsOf(row)[c]) / (at - row[i]);
                row[i] = kept;
            }

            Check.Close(expected, gradient, 3e-6, $"{activation}, {inputs}-{hiddenUnits}-{classes}, class {c}");
        }
    }
}
