using Microsoft.ML;

namespace MnistMlNet.Tests;

public sealed class SkippedRowsTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly Example[] _good = Examples.Rows(40);

    public static TheoryData<string, int> Faults => new()
    {
        { "label", 3 },
        { "feature", 4 },
        { "weight", 5 },
        { "all", 12 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Faulty_rows_are_left_out_counted_in_one_warning_and_change_nothing(string fault, int count)
    {
        Example[] faulty = [.. Faulty().Where(row => fault == "all" || row.Fault == fault).Select(row => row.Row)];
        Example[] mixed = [.. _good[..7], .. faulty[..(count / 2)], .. _good[7..30], .. faulty[(count / 2)..], .. _good[30..]];
        TwoLayerNetworkTransformer expected = Trainer().Fit(Examples.Keyed(_mlContext, _good));
        var messages = new LogMessages(_mlContext);

        TwoLayerNetworkTransformer transformer = Trainer().Fit(Examples.Keyed(_mlContext, mixed));

        Assert.Equal(count, faulty.Length);
        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(transformer.Model));
        Assert.Equal(40, transformer.History.RowsTrained);
        Assert.Equal(count, transformer.History.RowsSkipped);
        string warning = Assert.Single(messages.Warnings);
        Assert.StartsWith($"{count} training rows were skipped: ", warning, StringComparison.Ordinal);
        Assert.Equal(fault is "label" or "all", warning.Contains("3 with missing label", StringComparison.Ordinal));
        Assert.Equal(fault is "feature" or "all", warning.Contains("4 with a feature that is NaN or infinite", StringComparison.Ordinal));
        Assert.Equal(fault is "weight" or "all",
            warning.Contains("5 with a weight that is not a finite number above 0", StringComparison.Ordinal));
    }

    [Fact]
    public void Faulty_validation_rows_are_left_out_and_counted_in_a_warning_of_their_own()
    {
        IDataView good = Examples.Keyed(_mlContext, _good),
            mixed = Examples.Keyed(_mlContext, [.. Faulty().Select(row => row.Row), .. _good]);
        double? expected = Trainer().Fit(good, good).History.Epochs[^1].ValidationLoss;
        var messages = new LogMessages(_mlContext);

        double? actual = Trainer().Fit(good, mixed).History.Epochs[^1].ValidationLoss;

        Assert.Equal(expected, actual);
        Assert.StartsWith("12 validation rows were skipped: ", Assert.Single(messages.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finite_row_whose_magnitudes_overflow_together_is_trained_on()
    {
        Example[] rows = [.. _good, _good[0].With(features: [float.MaxValue, float.MaxValue, 0, 0])];

        Assert.Equal(41, Trainer().Fit(Examples.Keyed(_mlContext, rows)).History.RowsTrained);
    }

    [Fact]
    public void No_valid_row_is_an_error_that_says_why()
    {
        IDataView faulty = Examples.Keyed(_mlContext, Faulty().Select(row => row.Row)), none = Examples.Keyed(_mlContext);

        var allSkipped = Assert.Throws<InvalidOperationException>(() => Trainer().Fit(faulty));
        var empty = Assert.Throws<InvalidOperationException>(() => Trainer().Fit(none));
        var noValidation = Assert.Throws<InvalidOperationException>(() => Trainer().Fit(Examples.Keyed(_mlContext, _good), none));

        Assert.StartsWith("No valid training instances found: all 12 rows were skipped: 3 with missing label, ", allSkipped.Message,
            StringComparison.Ordinal);
        Assert.StartsWith("No valid training instances found: the data has no rows", empty.Message, StringComparison.Ordinal);
        Assert.StartsWith("No valid validation instances found", noValidation.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string Fault, Example Row)> Faulty()
    {
        Example[] rows = Examples.Rows(12, seed: 5);
        int next = 0;
        for (int i = 0; i < 3; i++)
        {
            yield return ("label", rows[next++].With(label: ""));
        }

        foreach (float feature in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity, float.NaN })
        {
            float[] features = [.. rows[next].Features];
            features[next % 4] = feature;
            yield return ("feature", rows[next++].With(features: features));
        }

        foreach (float weight in new[] { 0, -1, float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            yield return ("weight", rows[next++].With(weight: weight));
        }
    }

    private TwoLayerNetworkTrainer Trainer() => Examples.Trainer(_mlContext, options => options.ExampleWeightColumnName = "Weight");
}
