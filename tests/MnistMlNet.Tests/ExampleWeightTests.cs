using Microsoft.ML;

namespace MnistMlNet.Tests;

public sealed class ExampleWeightTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void A_row_of_weight_2_counts_as_two_rows()
    {
        // Weights are divided by their mean w̄ = Σw/N, so the step of a batch of all N rows is Σ(w/w̄)·g / N = Σw·g / Σw: with weight 2 on
        // some rows this is exactly the mean gradient of the data in which these rows occur twice.
        Example[] rows = Examples.Rows(30);
        Example[] weighted = [.. rows.Select((row, i) => row.With(weight: i % 5 == 0 ? 2 : 1))];
        Example[] doubled = [.. weighted.SelectMany(row => Enumerable.Repeat(row.With(weight: 1), (int)row.Weight))];

        TwoLayerNetworkTransformer expected = Trainer(weights: false).Fit(Examples.Keyed(_mlContext, doubled));
        TwoLayerNetworkTransformer actual = Trainer(weights: true).Fit(Examples.Keyed(_mlContext, weighted));

        // Sums of some forty floats in another order over twenty steps: each off by at most 40 · 2⁻²⁴ of its magnitude, about 1.
        Assert.All(Examples.Parameters(expected.Model).Zip(Examples.Parameters(actual.Model)), pair =>
            Assert.Equal(pair.First, pair.Second, 5e-5f));
        Assert.Equal(expected.History.Epochs[^1].TrainLoss, actual.History.Epochs[^1].TrainLoss, 1e-5);
        Assert.NotEqual(Examples.Bits(Trainer(weights: false).Fit(Examples.Keyed(_mlContext, rows)).Model), Examples.Bits(actual.Model));
    }

    [Fact]
    public void Only_the_ratios_of_the_weights_count()
    {
        Example[] rows = Examples.Rows(30);
        TwoLayerNetworkModelParameters Train(float factor) =>
            Trainer(weights: true).Fit(Examples.Keyed(_mlContext, rows.Select(row => row.With(weight: row.Weight * factor)))).Model;

        TwoLayerNetworkModelParameters expected = Train(1);

        // A power of two is exact in every operation; 7 rounds each divided weight once more, by at most 2⁻²³ of it.
        Assert.Equal(Examples.Bits(expected), Examples.Bits(Train(8)));
        Assert.All(Examples.Parameters(expected).Zip(Examples.Parameters(Train(7))), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void Equal_weights_are_no_weights()
    {
        Example[] rows = [.. Examples.Rows(30).Select(row => row.With(weight: 4))];

        Assert.Equal(
            Examples.Bits(Trainer(weights: false).Fit(Examples.Keyed(_mlContext, rows)).Model),
            Examples.Bits(Trainer(weights: true).Fit(Examples.Keyed(_mlContext, rows)).Model));
    }

    private TwoLayerNetworkTrainer Trainer(bool weights) => Examples.Trainer(_mlContext, options =>
    {
        options.ExampleWeightColumnName = weights ? "Weight" : null;
        options.Optimizer = Optimizer.GradientDescent;
        options.BatchSize = 0;
        options.NumberOfEpochs = 20;
        options.Shuffle = false;
    });
}
