using Microsoft.ML;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Tests;

/// <summary>Classes of validation rows and of more training rows are matched to those of the network by value, not by text.</summary>
public sealed class ClassMatchingTests
{
    private static readonly DateTime s_time = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Kinds => ["DateTime", "DateTimeOffset", "TimeSpan", "float", "double"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Fit_ValidationKeysOfCloseValuesInAnotherOrder_MeasuresAsWithTheSameOrder(string kind)
    {
        (IDataView data, IDataView other) = View(kind);
        double? expected = Examples.Trainer(_mlContext).Fit(data, data).History.Epochs[^1].ValidationLoss;

        double? actual = Examples.Trainer(_mlContext).Fit(data, other).History.Epochs[^1].ValidationLoss;
        double? ofSet = Examples.Trainer(_mlContext, options => options.ValidationSet = other).Fit(data).History.Epochs[^1].ValidationLoss;

        Assert.Equal((expected, expected), (actual, ofSet));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void ContinueFit_LoadedModelAndCloseValuesInAnotherOrder_TrainsAsWithTheSameOrder(string kind)
    {
        (IDataView data, IDataView other) = View(kind);
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).Fit(data), loaded = Reload(model, data.Schema);
        int[] expected = Examples.Bits(Examples.Trainer(_mlContext).ContinueFit(model, data).Model);

        Assert.Equal(expected, Examples.Bits(Examples.Trainer(_mlContext).ContinueFit(loaded, data).Model));
        Assert.Equal(expected, Examples.Bits(Examples.Trainer(_mlContext).ContinueFit(loaded, other).Model));
    }

    [Fact]
    public void ContinueFit_LoadedModelWithTwoClassesOfOneValue_AcceptsTheSameKeysAndRefusesOthers()
    {
        IDataView keyed = Examples.Keyed(_mlContext, Examples.Rows(30));
        IDataView data = new RenamedKeys(keyed, "Label", ["x", "x", "y"]), other = new RenamedKeys(keyed, "Label", ["y", "x", "x"]);
        TwoLayerNetworkTransformer loaded = Reload(Examples.Trainer(_mlContext).Fit(data), data.Schema);

        TwoLayerNetworkTransformer same = Examples.Trainer(_mlContext).ContinueFit(loaded, data);
        ArgumentException e = Assert.Throws<ArgumentException>("moreData", () =>
            Examples.Trainer(_mlContext).ContinueFit(loaded, other));

        Assert.Equal(Examples.Bits(Examples.Trainer(_mlContext).Fit(keyed, initialModel: loaded.Model).Model), Examples.Bits(same.Model));
        Assert.StartsWith("moreData can't be matched to model by class values: 'x' is the value of two classes there. The same key values "
            + "in the same order are expected.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_ValidationLabelsOfAnotherNumericType_MatchesEqualNumbers()
    {
        IDataView data = Keyed(_mlContext, [3, 7, 20], [3, 7, 20]), other = Keyed(_mlContext, [20f, 3f, 7f], [3f, 7f, 20f]);

        Assert.Equal(
            Examples.Trainer(_mlContext).Fit(data, data).History.Epochs[^1].ValidationLoss,
            Examples.Trainer(_mlContext).Fit(data, other).History.Epochs[^1].ValidationLoss);
    }

    [Fact]
    public void Fit_ValidationLabelsOfEqualTextButAnotherValue_IsRefusedWithBothTypes()
    {
        IDataView numbers = Keyed(_mlContext, [3, 7], [3, 7]), texts = Keyed(_mlContext, ["3", "7"], ["3", "7"]);
        IDataView singles = Keyed(_mlContext, [0.1f, 1f], [0.1f, 1f]), doubles = Keyed(_mlContext, [0.1, 1.0], [0.1, 1.0]);

        ArgumentException ofText = Assert.Throws<ArgumentException>("validationData", () =>
            Examples.Trainer(_mlContext).Fit(numbers, texts));
        ArgumentException ofDouble = Assert.Throws<ArgumentException>("validationData", () =>
            Examples.Trainer(_mlContext).Fit(singles, doubles));

        Assert.StartsWith(
            "validationData has the class '3', which the training data doesn't have. It has 3, 7. The class values of validationData are "
            + "of the type String, those of the training data of Int32: convert the label to that type before MapValueToKey.",
            ofText.Message, StringComparison.Ordinal);
        Assert.Contains("of the type Double, those of the training data of Single:", ofDouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ClassNames_TimesWithinOneSecond_AreWrittenInFullAndTheSameAfterLoading()
    {
        DateTime[] times = [s_time, s_time.AddMilliseconds(250), s_time.AddDays(1)];
        DateTimeOffset[] offsets = [.. times.Select(time => new DateTimeOffset(time))];
        IDataView data = Keyed(_mlContext, times, times), ofOffsets = Keyed(_mlContext, offsets, offsets);
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).Fit(data);

        Assert.Equal(["2026-01-01T00:00:00.0000000", "2026-01-01T00:00:00.2500000", "01/02/2026 00:00:00"], Names(model));
        Assert.Equal(Names(model), Names(Reload(model, data.Schema)));
        Assert.Equal(
            ["2026-01-01T00:00:00.0000000+00:00", "2026-01-01T00:00:00.2500000+00:00", "01/02/2026 00:00:00 +00:00"],
            Names(Examples.Trainer(_mlContext).Fit(ofOffsets)));
    }

    private static string[] Names(TwoLayerNetworkTransformer model) => [.. model.Model.ClassNames];

    private static TwoLayerNetworkTransformer Reload(TwoLayerNetworkTransformer model, DataViewSchema schema)
    {
        using var folder = new TemporaryFolder();
        var mlContext = new MLContext(seed: 2);
        mlContext.Model.Save(model, schema, folder.File("model.zip"));
        return (TwoLayerNetworkTransformer)mlContext.Model.Load(folder.File("model.zip"), out _);
    }

    /// <summary>Rows of three classes whose values differ by little, and the same rows with keys in another order.</summary>
    private (IDataView Data, IDataView Other) View(string kind)
    {
        return kind switch
        {
            "DateTime" => Both(s_time, s_time.AddMilliseconds(250), s_time.AddTicks(1)),
            "DateTimeOffset" => Both<DateTimeOffset>(s_time, s_time.AddMilliseconds(250), s_time.AddTicks(1)),
            "TimeSpan" => Both(TimeSpan.Zero, TimeSpan.FromMilliseconds(250), TimeSpan.FromTicks(1)),
            "float" => Both(0.1f, float.BitIncrement(0.1f), float.BitDecrement(0.1f)),
            "double" => Both(0.1, double.BitIncrement(0.1), double.BitDecrement(0.1)),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of label."),
        };

        (IDataView, IDataView) Both<T>(T a, T b, T c) => (Keyed(_mlContext, [a, b, c], [a, b, c]), Keyed(_mlContext, [c, a, b], [a, b, c]));
    }

    /// <summary>Rows of some labels, whose keys are numbered in the given order.</summary>
    private static IDataView Keyed<T>(MLContext mlContext, T[] order, T[] labels) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence)
            .Fit(mlContext.Data.LoadFromEnumerable(LabelKinds.Rows(order)))
            .Transform(mlContext.Data.LoadFromEnumerable(LabelKinds.Rows(labels)));
}
