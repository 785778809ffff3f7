using MnistMlNet.Network;

namespace MnistMlNet.Tests.Network;

public class WeightInitializerTests
{
    private const int Inputs = 784, HiddenUnits = 64, Classes = 40;

    // He: √(6/784) = 0.087482, √(6/64) = 0.306186; Glorot: √(6/848) = 0.084116, √(6/104) = 0.240192.
    [Theory]
    [InlineData(WeightInitialization.HeUniform, 0.087482, 0.306186, 0)]
    [InlineData(WeightInitialization.GlorotUniform, 0.084116, 0.240192, 0)]
    [InlineData(WeightInitialization.UniformHalf, 0.5, 0.5, -0.5)]
    public void Weights_are_uniform_within_the_bounds_of_their_layer_and_biases_are_constant(
        WeightInitialization initialization, double hiddenBound, double outputBound, float bias)
    {
        float[] all = Draw(initialization, seed: 1);

        AssertUniform(all.AsSpan(0, HiddenUnits * Inputs), hiddenBound);
        Assert.All(all.AsSpan(HiddenUnits * Inputs, HiddenUnits).ToArray(), b => Assert.Equal(bias, b));
        AssertUniform(all.AsSpan(HiddenUnits * (Inputs + 1), Classes * HiddenUnits), outputBound);
        Assert.All(all[^Classes..], b => Assert.Equal(bias, b));
    }

    [Fact]
    public void The_same_seed_draws_the_same_weights_and_another_one_others()
    {
        Assert.Equal(Draw(WeightInitialization.HeUniform, 1), Draw(WeightInitialization.HeUniform, 1));
        Assert.NotEqual(Draw(WeightInitialization.HeUniform, 1), Draw(WeightInitialization.HeUniform, 2));
        Assert.NotEqual(Draw(WeightInitialization.HeUniform, 1), Draw(WeightInitialization.HeUniform, -1));
    }

    [Fact]
    public void Lanes_beyond_units_and_classes_stay_without_effect()
    {
        NetworkParameters parameters = WeightInitializer.Create(new NetworkShape(3, 5, 2, Activation.Sigmoid),
            WeightInitialization.UniformHalf, 1);

        Assert.Equal(3 * 5, parameters.HiddenWeights.ToArray().Count(w => w != 0));
        Assert.Equal(5, parameters.HiddenBiases.ToArray().Count(b => b != 0));
        Assert.Equal(5 * 2, parameters.OutputWeights.ToArray().Count(w => w != 0));
        Assert.All(parameters.OutputBiases[2..].ToArray(), b => Assert.Equal(NetworkParameters.PaddedLogit, b));
    }

    private static float[] Draw(WeightInitialization initialization, int seed) => FlatParameters.Of(
        WeightInitializer.Create(new NetworkShape(Inputs, HiddenUnits, Classes, Activation.Relu), initialization, seed));

    private static void AssertUniform(ReadOnlySpan<float> weights, double bound)
    {
        double[] shares = Array.ConvertAll(weights.ToArray(), w => w / bound);          // uniform within -1 … 1

        // The bounds above are rounded to six decimals: 1.00001. The extremes of n draws are within about 10/n of the ends.
        int n = shares.Length;
        Assert.InRange(shares.Max(), 1 - 20.0 / n, 1.00001);
        Assert.InRange(shares.Min(), -1.00001, -1 + 20.0 / n);

        // Mean 0 with standard error √(1/3 / n); mean square 1/3 with standard error √((1/5 - 1/9) / n). Five of them: the seed is fixed.
        Check.Close(0, shares.Average(), 5 * Math.Sqrt(1.0 / 3 / n), "mean");
        Check.Close(1.0 / 3, shares.Average(s => s * s), 5 * Math.Sqrt(4.0 / 45 / n), "mean square");
    }
}
