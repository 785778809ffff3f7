using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>ML.NET doesn't compare a row's length with its column's type: rows of the wrong length must be refused everywhere.</summary>
public sealed class WrongLengthRowsTests
{
    private const int FeatureCount = 10;

    private const int GoodRows = 20;

    /// <summary>The ways to pass rows, by name: each gets a view of valid rows with an invalid one at the end.</summary>
    private static readonly Dictionary<string, Action<WrongLengthRowsTests, IDataView>> s_entrances = new()
    {
        ["Fit"] = (test, bad) => Examples.Trainer(test._mlContext).Fit(bad),
        ["Fit, streamed"] = (test, bad) => Examples.Trainer(test._mlContext, options => options.CacheRows = false).Fit(bad),
        ["Fit, L-BFGS"] = (test, bad) => Examples.Trainer(test._mlContext, options => options.Optimizer = Optimizer.Lbfgs).Fit(bad),
        ["Fit, augmented"] = (test, bad) =>
            Examples.Trainer(test._mlContext, options => options.Augmentation = new FeatureNoise(0.1f)).Fit(bad),
        ["Fit, validationData"] = (test, bad) => Examples.Trainer(test._mlContext).Fit(test.Good(bad), bad),
        ["Fit, ValidationSet"] = (test, bad) =>
            Examples.Trainer(test._mlContext, options => options.ValidationSet = bad).Fit(test.Good(bad)),
        ["Fit, ValidationFraction"] = (test, bad) =>
            Examples.Trainer(test._mlContext, options => options.ValidationFraction = 0.3f).Fit(bad),
        ["ContinueFit"] = (test, bad) => Examples.Trainer(test._mlContext).ContinueFit(test.Model(bad), bad),
        ["Transform"] = (test, bad) => Examples.Scores(test.Model(bad).Transform(bad)),
        ["Transform, label only"] = (test, bad) => Examples.PredictedLabels(test.Model(bad).Transform(bad)),
        ["Evaluate"] = (test, bad) => test._mlContext.MulticlassClassification.Evaluate(test.Model(bad).Transform(bad)),
        ["CrossValidate"] = (test, bad) =>
            test._mlContext.MulticlassClassification.CrossValidate(bad, Examples.Trainer(test._mlContext), numberOfFolds: 2),
    };

    private static readonly Dictionary<string, VBuffer<float>> s_wrong = new()
    {
        ["empty"] = default,
        ["dense, short"] = new VBuffer<float>(4, [1, 0, 1, 0]),
        ["dense, one short"] = new VBuffer<float>(9, [1, 0, 1, 0, 1, 0, 1, 0, 1]),
        ["dense, one long"] = new VBuffer<float>(11, [1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
        ["dense, not finite"] = new VBuffer<float>(4, [1, 0, float.NaN, 0]),
        ["sparse, short"] = new VBuffer<float>(4, 1, [1], [3]),
        ["sparse, long"] = new VBuffer<float>(12, 2, [1, 1], [0, 11]),
        ["sparse, long, within"] = new VBuffer<float>(12, 2, [1, 1], [0, 9]),
        ["sparse, no entries"] = new VBuffer<float>(11, 0, [], []),
    };

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string, string, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, bool>();
            foreach (string entrance in s_entrances.Keys)
            {
                foreach (string row in s_wrong.Keys)
                {
                    cases.Add(entrance, row, true);
                    cases.Add(entrance, row, false);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_row_of_another_length_is_refused_at_every_entry_point(string entrance, string row, bool isNormalized)
    {
        VBuffer<float> wrong = s_wrong[row];

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => s_entrances[entrance](this, View(wrong, isNormalized)));

        // Cross-validation gives each fold other rows, so row numbers are different there.
        string place = entrance == "CrossValidate" ? "" : $"Row {GoodRows} ";
        Assert.StartsWith(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"of column 'Features' has {wrong.Length} features; {FeatureCount} are expected", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(4, 4)]
    [InlineData(11, 11)]
    public void An_array_of_another_length_under_VectorType_is_refused_also_by_a_prediction_engine(int? length, int found)
    {
        TwoLayerNetworkTransformer model = Model(View(default, isNormalized: true));
        using PredictionEngine<ArrayRow, KeyPrediction> engine =
            _mlContext.Model.CreatePredictionEngine<ArrayRow, KeyPrediction>(model);
        ArrayRow row = new() { Features = length is { } count ? new float[count] : null };
        ArrayRow[] rows = [new() { Features = new float[FeatureCount] }, row];

        InvalidOperationException scored = Assert.Throws<InvalidOperationException>(() => engine.Predict(row));
        InvalidOperationException trained = Assert.Throws<InvalidOperationException>(
            () => Examples.Trainer(_mlContext).Fit(_mlContext.Data.LoadFromEnumerable(rows)));

        Assert.Contains(
            $"of column 'Features' has {found} features; {FeatureCount} are expected", scored.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            $"Row 1 of column 'Features' has {found} features; {FeatureCount} are expected", trained.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_of_wrong_length_is_also_refused_after_a_normalizer_that_accepts_it()
    {
        IDataView rows = View(s_wrong["dense, short"], isNormalized: false);
        IDataView normalized = _mlContext.Transforms.NormalizeLpNorm("Features").Fit(rows).Transform(rows);

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Examples.Trainer(_mlContext).Fit(normalized));

        Assert.StartsWith($"Row {GoodRows} of column 'Features' has 4 features; 10 are expected", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ML_NET_itself_refuses_fewer_values_than_a_length_promises()
    {
        // So a row whose length is right can't hold fewer values, and there is nothing for us to check.
        Assert.ThrowsAny<ArgumentException>(() => new VBuffer<float>(FeatureCount, new float[4]));
        Assert.ThrowsAny<ArgumentException>(() => new VBuffer<float>(FeatureCount, 4, new float[3], new int[4]));
        Assert.ThrowsAny<ArgumentException>(() => new VBuffer<float>(FeatureCount, 4, new float[4], new int[3]));
        Assert.ThrowsAny<ArgumentException>(() => new VBuffer<float>(FeatureCount, FeatureCount + 1, new float[11], new int[11]));
    }

    [Fact]
    public void Random_rows_are_refused_at_random_entry_points_exactly_if_they_do_not_fit()
    {
        var random = new Random(13);
        string[] entrances = [.. s_entrances.Keys];
        int refused = 0;
        for (int i = 0; i < 300; i++)
        {
            VBuffer<float> row = RandomRow(random);
            int[] indices = [.. row.GetIndices()];
            bool fits = row.Length == FeatureCount
                && indices.All(index => index is >= 0 and < FeatureCount) && indices.SequenceEqual(indices.Distinct().Order());
            string entrance = entrances[random.Next(entrances.Length)];
            string name = $"case {i}: {entrance}, length {row.Length}, indices {string.Join(' ', indices)}";

            Exception? error = Record.Exception(() => s_entrances[entrance](this, View(row, random.Next(2) == 0)));

            Assert.True(fits == (error is null), $"{name}: {error}");
            Assert.True(fits || error is InvalidOperationException { Message: var text } && text.Contains("of column 'Features' "), name);
            refused += fits ? 0 : 1;
        }

        Assert.InRange(refused, 100, 250);                                         // both kinds are present
    }

    // Half of them have the right length; of the sparse ones some have an index that is replaced by a random one.
    private static VBuffer<float> RandomRow(Random random)
    {
        int length = random.Next(2) == 0 ? FeatureCount : random.Next(24);
        int[] indices = [.. Enumerable.Range(0, length).Where(_ => random.Next(2) == 0)];
        if (random.Next(2) == 0 || indices.Length == length)
        {
            return new VBuffer<float>(length, [.. Enumerable.Range(0, length).Select(_ => random.NextSingle())]);
        }

        if (indices.Length > 0 && random.Next(3) == 0)
        {
            indices[random.Next(indices.Length)] = random.Next(-2, length + 2);
        }

        return new VBuffer<float>(length, indices.Length, [.. indices.Select(_ => random.NextSingle())], indices);
    }

    /// <summary>Valid rows, sparse and dense, with <paramref name="last"/> at the end.</summary>
    private IDataView View(VBuffer<float> last, bool isNormalized)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        if (isNormalized)
        {
            schema["Features"].AddAnnotation("IsNormalized", true, BooleanDataViewType.Instance);
        }

        Row[] rows = [.. Enumerable.Range(0, GoodRows).Select(i => new Row
        {
            Label = (uint)(i % 3) + 1,
            Features = i % 2 == 0
                ? new VBuffer<float>(FeatureCount, 2, [1, 0.5f], [i % 3, 9])
                : new VBuffer<float>(FeatureCount, [.. Enumerable.Range(0, FeatureCount).Select(n => n == i % 3 ? 1 : 0.5f)]),
        })];
        return _mlContext.Data.LoadFromEnumerable([.. rows, new Row { Label = 1, Features = last }], schema);
    }

    private IDataView Good(IDataView view) => _mlContext.Data.TakeRows(view, GoodRows);

    private TwoLayerNetworkTransformer Model(IDataView view) => Examples.Trainer(_mlContext).Fit(Good(view));

    private sealed class Row
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(FeatureCount)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class ArrayRow
    {
        [KeyType(3)]
        public uint Label { get; set; } = 1;

        [VectorType(FeatureCount)]
        public float[]? Features { get; set; }
    }

    private sealed class KeyPrediction
    {
        public float[] Score { get; set; } = [];

        public uint PredictedLabel { get; set; }
    }
}
