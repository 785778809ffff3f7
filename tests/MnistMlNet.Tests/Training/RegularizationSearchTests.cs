using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Configuration;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>What becomes of optimizer and λ where both are open.</summary>
public sealed class RegularizationSearchTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void A_small_table_is_trained_by_LBFGS_with_a_strength_that_the_log_names()
    {
        var messages = new LogMessages(_mlContext);

        TwoLayerNetworkTransformer model = Train(Noisy(300));

        Assert.Equal("Lbfgs", Option(model, "Optimizer"));
        Assert.Contains(
            messages.Infos,
            text => text.Contains(
                "chosen by the loss in 10 folds of 300 rows: 0.01 gave ", StringComparison.Ordinal));
    }

    [Fact]
    public void Noise_gets_a_stronger_regularization_than_classes_without_overlap()
    {
        float noisy = Strength(Train(Noisy(300))), clean = Strength(Train(Examples.Rows(300)));

        Assert.True(noisy > clean, $"{noisy} with noise, {clean} without.");
    }

    [Fact]
    public void Probabilities_of_noise_are_hardly_surer_than_its_share()
    {
        // The label is right three times in four: the least possible is -0.75 ln 0.75 - 0.25 ln 0.25 = 0.562; guessing has ln 2 = 0.693.
        TwoLayerNetworkTransformer model = Train(Noisy(300));

        IDataView others = Examples.Keyed(_mlContext, Noisy(2000, seed: 2));
        double loss = _mlContext.MulticlassClassification.Evaluate(model.Transform(others)).LogLoss;

        Assert.InRange(loss, 0.55, 0.68);
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        Example[] rows = Noisy(200);

        Assert.Equal(
            Examples.Bits(Train(rows, o => o.NumberOfThreads = 1).Model), Examples.Bits(Train(rows, o => o.NumberOfThreads = 2).Model));
    }

    [Fact]
    public void Rows_that_are_there_twice_stay_in_one_fold()
    {
        // Each row and a copy of it: were they in different folds, remembering the noise would look like knowing it.
        Example[] rows = Noisy(100);

        Assert.True(Strength(Train([.. rows, .. rows])) >= Strength(Train(rows)) / 4);
    }

    [Fact]
    public void Categories_without_noise_are_learned()
    {
        // All 16 combinations of four categories, 20 times each; the class is their parity. A combination that is held back as a whole
        // always has the other class than those next to it, and the best choice for it would be a network that learns nothing.
        Example[] rows = [.. Enumerable.Range(0, 320).Select(i =>
        {
            int bits = i % 16;
            float[] features = [.. Enumerable.Range(0, 4).Select(b => (float)(bits >> b & 1))];
            return new Example { Label = "ab"[int.PopCount(bits) % 2].ToString(), Features = features };
        })];

        IDataView data = Examples.Keyed(_mlContext, rows);
        MulticlassClassificationMetrics metrics = _mlContext.MulticlassClassification.Evaluate(Train(rows).Transform(data));

        Assert.Equal(1, metrics.MicroAccuracy);
        Assert.InRange(metrics.LogLoss, 0, 0.1);
    }

    [Fact]
    public void More_rows_than_the_budget_allows_are_sampled_and_trained_by_LBFGS()
    {
        var messages = new LogMessages(_mlContext);

        TwoLayerNetworkTransformer model = Train(Noisy(6000), o => o.HiddenUnits = 150);

        // 5 x 10^9 multiply-adds: 3 folds of n rows, 7 values, 100 iterations, 3 products of n x 150 (4 + 3): n = 755, and a row a class
        // where its part of them isn't whole.
        Assert.Contains(messages.Infos, text => text.Contains("chosen by the loss in 3 folds of 75", StringComparison.Ordinal));
        Assert.Equal("Lbfgs", Option(model, "Optimizer"));
    }

    [Fact]
    public void With_validation_rows_the_budget_is_the_same()
    {
        var messages = new LogMessages(_mlContext);
        var options = new Options { Seed = 1, Optimizer = Optimizer.Lbfgs, NumberOfEpochs = 1, HiddenUnits = 600 };

        _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options)
            .Fit(Examples.Keyed(_mlContext, Noisy(6000)), Examples.Keyed(_mlContext, Noisy(100, seed: 2)));

        // 5 x 10^9 multiply-adds, 7 values, 100 iterations, 3 products of n x 600 (4 + 3): n = 566.
        Assert.Contains(messages.Infos, text => text.Contains(
            "chosen by the loss of the validation rows with 56", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5_000, 4_000, true)]
    [InlineData(10_000, 32 * 52, true)]                                            // 50 features, 2 classes
    [InlineData(20_000, 32 * 42, true)]                                            // letters, all of them
    [InlineData(20_001, 32, false)]
    [InlineData(1_000, 20_001, false)]
    [InlineData(20_000, 1_601, false)]
    [InlineData(60_000, 32 * 794, false)]                                          // MNIST
    [InlineData(1_000, 32 * 50_002, false)]                                        // text
    public void Rows_weights_and_their_product_decide_whether_there_is_a_search(long rows, long weights, bool isSearched) =>
        Assert.Equal(isSearched, DefaultRules.IsSearched(rows, weights));

    [Theory]
    [InlineData(150, 200, 200)]
    [InlineData(2_400, 1_000, 300)]                                                // an eighth of the rows
    [InlineData(4_800, 1_344, 600)]
    [InlineData(10_000, 1_664, 240)]                                               // 4 x 10^9 products of row and weight
    public void Iterations_after_the_search_follow_rows_and_weights(long rows, long weights, int iterations) =>
        Assert.Equal(iterations, DefaultRules.IterationsAfterSearch(rows, weights));

    [Theory]
    [InlineData("epochs")]
    [InlineData("l2")]
    [InlineData("batch")]
    [InlineData("dropout")]
    [InlineData("stream")]
    [InlineData("a wide network")]                                                 // 3,000 · (4 + 3) weights
    public void With_an_option_of_Adam_or_many_weights_nothing_is_searched(string option)
    {
        TwoLayerNetworkTransformer model = Train(Noisy(60), o =>
        {
            o.NumberOfEpochs = option == "epochs" ? 3 : null;
            o.L2Regularization = option == "l2" ? 0.1f : null;
            o.BatchSize = option == "batch" ? 20 : null;
            o.HiddenDropout = option == "dropout" ? 0.2f : 0;
            o.CacheRows = option != "stream";
            o.HiddenUnits = option == "a wide network" ? 3000 : 32;
        });

        Assert.Equal("Adam", Option(model, "Optimizer"));
        Assert.Null(model.History.RegularizationSearch);
    }

    [Fact]
    public void History_AfterASearch_HasCandidatesAndTheChosenOneAlsoAfterLoading()
    {
        using var folder = new TemporaryFolder();
        TwoLayerNetworkTransformer model = Train(Noisy(300));
        _mlContext.Model.Save(model, Examples.Keyed(_mlContext, Noisy(1)).Schema, folder.File("model.zip"));
        var loaded = (TwoLayerNetworkTransformer)_mlContext.Model.Load(folder.File("model.zip"), out _);

        RegularizationSearchResult search = Assert.IsType<RegularizationSearchResult>(model.History.RegularizationSearch);

        Assert.Equal([0.01, 0.1, 1, 10, 100], search.Candidates.Select(candidate => candidate.Strength).Where(a => Math.Log10(a) % 1 == 0));
        Assert.Equal(7, search.Candidates.DistinctBy(candidate => candidate.Strength).Count());
        Assert.Equal(search.Candidates.MinBy(candidate => candidate.Loss), search.Chosen);
        Assert.InRange(search.Chosen.Loss, 0.5, 0.7);                           // 0.562 for the best possible, 0.693 for guessing
        Assert.Equal(search.Chosen.Strength, Strength(model), 1e-5 * search.Chosen.Strength);
        Assert.Equal((10, 300), (search.FoldCount, search.RowCount));
        RegularizationSearchResult again = Assert.IsType<RegularizationSearchResult>(loaded.History.RegularizationSearch);
        Assert.Equal(search.Candidates, again.Candidates);
        Assert.Equal((search.Chosen, 10, 300), (again.Chosen, again.FoldCount, again.RowCount));
    }

    [Fact]
    public void History_ValidationRowsGiven_SaysThatTheyWereUsedInsteadOfFolds()
    {
        RegularizationSearchResult? search = Train(Noisy(300), o => o.ValidationFraction = 0.2f).History.RegularizationSearch;

        Assert.Equal((1, 240), (search?.FoldCount, search?.RowCount));
    }

    private TwoLayerNetworkTransformer Train(Example[] rows, Action<Options>? change = null)
    {
        var options = new Options { Seed = 1 };
        change?.Invoke(options);
        return _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options).Fit(Examples.Keyed(_mlContext, rows));
    }

    /// <summary>Class a or b by the sign of the first feature, wrong in one row of four.</summary>
    private static Example[] Noisy(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] features = [.. Enumerable.Range(0, 4).Select(_ => 2 * random.NextSingle() - 1)];
            return new Example { Label = (features[0] > 0) ^ (random.Next(4) == 0) ? "a" : "b", Features = features };
        })];
    }

    private static string Option(TwoLayerNetworkTransformer model, string name) =>
        model.History.Options.Single(pair => pair.Key == name).Value;

    private static float Strength(TwoLayerNetworkTransformer model) =>
        float.Parse(Option(model, "L2Regularization"), CultureInfo.InvariantCulture) * model.History.RowsTrained;
}
