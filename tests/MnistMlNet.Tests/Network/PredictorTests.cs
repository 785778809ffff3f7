using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Tests.Network;

[Trait("Category", "HardwareTier")]
public class PredictorTests
{
    public static TheoryData<Activation> Activations { get; } = [.. Enum.GetValues<Activation>()];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Probabilities_are_those_of_naive_loops(Activation activation)
    {
        foreach ((int inputs, int hiddenUnits, int classes) in ((int, int, int)[])[(1, 1, 2), (20, 5, 3), (33, 40, 17), (784, 100, 10)])
        {
            NetworkParameters parameters = FlatParameters.Random(seed: 1, inputs, hiddenUnits, classes, activation);
            ReferenceNetwork reference = FlatParameters.Reference(parameters);
            SampleRows rows = SampleRows.Random(seed: 2, rowCount: 20, inputs, classes);
            float[] probabilities = new float[20 * classes];

            new Predictor(KernelSelector.Best, parameters).Predict(rows.Features, probabilities);

            // Logits of up to 100 from sums of some 300 terms have an error of at most about 300 · 2⁻²⁴ of their size; measured: 1.3e-6.
            Check.Close([.. Enumerable.Range(0, 20).SelectMany(r => reference.Probabilities(rows.Row(r)))], probabilities, 1e-5,
                $"{activation}, {inputs} inputs");
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void A_row_has_the_same_bits_alone_in_a_batch_and_given_by_its_non_zeros(Activation activation)
    {
        foreach (int hiddenUnits in (int[])[5, 32, 100])
        {
            foreach (double density in (double[])[0, 0.2, 0.5, 1])
            {
                AssertSameBits(activation, hiddenUnits, density);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void A_feature_that_is_not_finite_makes_its_row_NaN_and_no_other(Activation activation)
    {
        // Without a check relu would turn -∞ into 0, and tanh and the logistic function would turn ±∞ into ±1: a confident prediction for
        // an invalid row.
        const int Inputs = 6, Rows = 40;
        var parameters = new NetworkParameters(new NetworkShape(Inputs, 3, 2, activation));
        parameters.HiddenWeights.Fill(-0.5f);
        parameters.OutputWeights.Fill(0.25f);
        var predictor = new Predictor(KernelSelector.Best, parameters);
        foreach (float broken in (float[])[float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            foreach (double density in (double[])[0.2, 1])
            {
                SampleRows rows = SampleRows.Random(seed: 6, Rows, Inputs, classCount: 2, density);
                int[] brokenRows = [3, 20, 39];
                foreach (int r in brokenRows)
                {
                    rows.Features[r * Inputs + r % Inputs] = broken;
                }

                float[] probabilities = new float[Rows * 2], one = new float[2];
                predictor.Predict(rows.Features, probabilities);
                predictor.PredictSparse([4], [broken], one);

                Assert.Equal(
                    Enumerable.Range(0, Rows).SelectMany(r => (bool[])[brokenRows.Contains(r), brokenRows.Contains(r)]),
                    probabilities.Select(float.IsNaN));
                Assert.All(one, p => Assert.True(float.IsNaN(p)));
            }
        }
    }

    [Fact]
    public void Finite_features_whose_sum_overflows_are_answered()
    {
        // 2 · 3e38 overflows to -∞ before relu makes it 0: a finite row has a finite prediction here.
        var parameters = new NetworkParameters(new NetworkShape(2, 3, 2, Activation.Relu));
        parameters.HiddenWeights.Fill(-1);
        float[] probabilities = new float[2];

        new Predictor(KernelSelector.Best, parameters).Predict([3e38f, 3e38f], probabilities);

        Assert.Equal([0.5f, 0.5f], probabilities);
    }

    [Theory]
    [InlineData(-2e30f, -3e30f)]
    [InlineData(-2e38f, -3e38f)]
    [InlineData(3e38f, 2e38f)]
    public void Padding_never_outweighs_a_class_however_small_or_large_its_logit(float first, float second)
    {
        // The logits are the biases, and e^(second - first) is 0: the first class has all of the probability.
        var model = TwoLayerNetworkModelParameters.Create(1, 1, 2, [0], [0], [0, 0], [first, second]);
        float[] probabilities = new float[2];

        model.Predict([1], probabilities);

        Assert.Equal([1f, 0f], probabilities);
    }

    [Fact]
    public void Threads_may_share_one_predictor()
    {
        const int Rows = 64;
        NetworkParameters parameters = FlatParameters.Random(seed: 1, 50, 32, 10, Activation.Relu);
        SampleRows rows = SampleRows.Random(seed: 2, Rows, 50, 10);
        var predictor = new Predictor(KernelSelector.Best, parameters);
        float[] expected = new float[Rows * 10];
        predictor.Predict(rows.Features, expected);

        float[][] results = new float[200][];
        Parallel.For(0, results.Length, new ParallelOptions { MaxDegreeOfParallelism = 3 }, n =>
        {
            results[n] = new float[10];
            predictor.Predict(rows.Row(n % Rows), results[n]);
        });

        for (int n = 0; n < results.Length; n++)
        {
            Check.SameBits(expected.AsSpan(n % Rows * 10, 10), results[n], $"row {n}");
        }
    }

    private static void AssertSameBits(Activation activation, int hiddenUnits, double density)
    {
        const int Inputs = 90, Classes = 10, Rows = 2 * Predictor.BlockRows + 5;   // two full blocks and a remainder
        NetworkParameters parameters = FlatParameters.Random(seed: 3, Inputs, hiddenUnits, Classes, activation);
        SampleRows rows = SampleRows.Random(seed: 4, Rows, Inputs, Classes, density);
        var predictor = new Predictor(KernelSelector.Best, parameters);
        float[] batch = new float[Rows * Classes], single = new float[Classes], sparse = new float[Classes];
        predictor.Predict(rows.Features, batch);
        for (int r = 0; r < Rows; r++)
        {
            float[] row = rows.Row(r).ToArray();
            int[] indices = [.. Enumerable.Range(0, Inputs).Where(i => row[i] != 0 || i % 7 == 0)];   // including some explicit zeros

            predictor.Predict(row, single);
            predictor.PredictSparse(indices, [.. indices.Select(i => row[i])], sparse);

            string context = $"{activation}, {hiddenUnits} hidden units, density {density}, row {r}";
            Check.SameBits(batch.AsSpan(r * Classes, Classes), single, context + ", alone");
            Check.SameBits(single, sparse, context + ", sparse");
        }
    }
}
