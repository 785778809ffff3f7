using System.Collections;
using Microsoft.ML;
using MnistMlNet.Data;
using MnistMlNet.Tests.Network;

namespace MnistMlNet.Tests;

public sealed class ClassWeightTests
{
    private static readonly Dictionary<string, float> s_weights = new() { ["a"] = 3, ["c"] = 0.5f };

    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Class_weights_are_example_weights_of_the_same_factors(bool cached, bool weighted)
    {
        Example[] rows = Examples.Rows(60);
        float Own(Example row) => weighted ? row.Weight : 1;
        Example[] factored = [.. rows.Select(row => row.With(weight: Own(row) * s_weights.GetValueOrDefault(row.Label, 1)))];

        TwoLayerNetworkTransformer expected = Fit(factored, options => options.ExampleWeightColumnName = "Weight");
        TwoLayerNetworkTransformer actual = Fit(rows, options =>
        {
            options.ClassWeights = s_weights;
            options.CacheRows = cached;
            options.ExampleWeightColumnName = weighted ? "Weight" : null;
        });

        AssertSame(expected, actual);
        Assert.NotEqual(Examples.Bits(Fit(rows, _ => { }).Model), Examples.Bits(actual.Model));
    }

    [Fact]
    public void Only_the_ratios_of_class_weights_count()
    {
        Example[] rows = Examples.Rows(60);

        AssertSame(
            Fit(rows, options => options.ClassWeights = s_weights),
            Fit(rows, options => options.ClassWeights = new Dictionary<string, float> { ["a"] = 300, ["b"] = 100, ["c"] = 50 }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Balanced_weights_are_the_rows_by_the_classes_that_occur_times_their_rows(bool cached)
    {
        // 24 rows of a and 8 of b, none of c: 32 / (2 · 24) = ⅔ and 32 / (2 · 8) = 2.
        Example[] rows = [.. Examples.Rows(72).Where(row => row.Label == "a" || (row.Label == "b" && row.Id % 9 == 1))];
        Assert.Equal((24, 8), (rows.Count(row => row.Label == "a"), rows.Count(row => row.Label == "b")));
        Example[] factored = [.. rows.Select(row => row.With(weight: row.Label == "a" ? 2f / 3 : 2))];

        AssertSame(
            Fit(factored, options => options.ExampleWeightColumnName = "Weight"),
            Fit(rows, options => (options.BalancedClassWeights, options.CacheRows) = (true, cached)));
    }

    [Fact]
    public void The_validation_loss_is_without_them()
    {
        IDataView data = Examples.Keyed(_mlContext, Examples.Rows(60));
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options => options.ClassWeights = s_weights).Fit(data, data);

        Assert.Equal(
            _mlContext.MulticlassClassification.Evaluate(model.Transform(data)).LogLoss, model.History.Epochs[^1].ValidationLoss!.Value,
            1e-6);
    }

    [Fact]
    public void Classes_without_names_are_named_by_their_numbers()
    {
        IDataView data = LabelKinds.View(_mlContext, LabelKinds.NoKeyValues);
        int[] Bits(Dictionary<string, float>? weights) =>
            Examples.Bits(Examples.Trainer(_mlContext, options => options.ClassWeights = weights).Fit(data).Model);

        Assert.NotEqual(Bits(null), Bits(new() { ["2"] = 9 }));
        Assert.Equal(Bits(null), Bits(new() { ["0"] = 1, ["1"] = 1, ["2"] = 1 }));
        Assert.Throws<ArgumentException>(() => Bits(new() { ["3"] = 9 }));
    }

    [Fact]
    public void Invalid_class_weights_are_refused_by_name()
    {
        ArgumentException unknown = Assert.Throws<ArgumentException>(() =>
            Fit(Examples.Rows(9), options => options.ClassWeights = new Dictionary<string, float> { ["d"] = 2 }));
        ArgumentException both = Assert.Throws<ArgumentOutOfRangeException>(
            () => Fit(Examples.Rows(9), options => (options.ClassWeights, options.BalancedClassWeights) = (s_weights, true)));
        ArgumentException zero = Assert.Throws<ArgumentOutOfRangeException>(() =>
            Fit(Examples.Rows(9), options => options.ClassWeights = new Dictionary<string, float> { ["a"] = 0 }));

        Assert.StartsWith("ClassWeights names the class 'd', which the label doesn't have. It has a, b, c.", unknown.Message,
            StringComparison.Ordinal);
        Assert.StartsWith("BalancedClassWeights is True; it must be false where ClassWeights are given.", both.Message,
            StringComparison.Ordinal);
        Assert.StartsWith("ClassWeights[\"a\"] is 0; it must be a finite number above 0.", zero.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forty_thousand_weights_read_each_of_forty_thousand_names_a_few_times_only()
    {
        const int ClassCount = 40_000, MostReadsOfEach = 4;
        var names = new CountingNames([.. Enumerable.Range(0, ClassCount).Select(c => $"class {c}")]);
        var options = new TwoLayerNetworkTrainer.Options
        {
            ClassWeights = names.Names.ToDictionary(name => name, name => 1f + name.Length % 2),
        };
        double[] sums = [.. Enumerable.Repeat(1.0, ClassCount)];
        PackedRows rows = new SampleRows(1, [1], [0], null).Pack(sparse: false);
        var set = new TrainingSet(rows, new SkippedRows(), new long[ClassCount]) { ClassWeightSums = sums };

        float[] factors = ClassWeighting.Find(options, set, names)!;

        // A look-up by linear search would compare 20,000 names for each weight.
        Assert.InRange(names.Reads, ClassCount, MostReadsOfEach * ClassCount);
        Assert.Equal(2, factors[1] / factors[10], 1e-5f);                          // "class 1" has 7 letters, "class 10" has 8
        Assert.Equal(1, factors.Average(factor => (double)factor), 1e-5);
    }

    private TwoLayerNetworkTransformer Fit(Example[] rows, Action<TwoLayerNetworkTrainer.Options> change) =>
        Examples.Trainer(_mlContext, options =>
    {
        (options.Optimizer, options.Shuffle, options.BatchSize) = (Optimizer.GradientDescent, false, 16);
        options.StandardizeFeatures = false;                                       // mean and deviation depend on example weights alone
        change(options);
    }).Fit(Examples.Keyed(_mlContext, rows));

    /// <summary>The same except for the rounding of a weight: 2⁻²³ of gradients below 1 in 20 steps of 0.1.</summary>
    private static void AssertSame(TwoLayerNetworkTransformer expected, TwoLayerNetworkTransformer actual)
    {
        Check.Close(Array.ConvertAll(Examples.Parameters(expected.Model), w => (double)w), Examples.Parameters(actual.Model), 2e-6,
            "parameters");
        Check.Close(expected.History.Epochs[^1].TrainLoss, actual.History.Epochs[^1].TrainLoss, 1e-6, "loss");
    }

    private sealed class CountingNames(string[] names) : IReadOnlyList<string>
    {
        public IReadOnlyList<string> Names => names;

        public long Reads { get; private set; }

        public int Count => names.Length;

        public string this[int index]
        {
            get
            {
                Reads++;
                return names[index];
            }
        }

        public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, Count).Select(n => this[n]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
