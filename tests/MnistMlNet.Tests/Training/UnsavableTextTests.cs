using Microsoft.ML;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>A text that the model or a checkpoint couldn't store is refused before the first epoch, not when it is to be saved.</summary>
public sealed class UnsavableTextTests : IDisposable
{
    private const int MostBytes = 65_536;

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private int _epochs;

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> Places => new()
    {
        { "augmentation", "The text of Options.Augmentation" },
        { "feature column", "The text of Options.FeatureColumnName" },
        { "label column", "The text of Options.LabelColumnName" },
        { "weight column", "The text of Options.ExampleWeightColumnName" },
        { "class", "The name of a class" },
    };

    [Theory]
    [MemberData(nameof(Places))]
    public void A_text_that_is_too_long_is_refused_before_the_first_epoch(string place, string what)
    {
        // "ä" has two bytes.
        string text = new string('n', MostBytes - 1) + "ä";

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(place, text));

        Assert.Equal(
            $"{what}, '{new string('n', 200)}…', can't be saved: it has 65537 bytes in UTF-8; at most 65536 are possible. Shorten the "
                + "text.",
            e.Message);
        Assert.Equal(0, _epochs);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void A_text_with_half_of_a_surrogate_pair_is_refused_before_the_first_epoch(string place, string what)
    {
        foreach ((string text, string shown, int at) in new[] { ("n\ud83d", @"n\ud83d", 1), ("😀\ude00n", @"😀\ude00n", 2) })
        {
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(place, text));

            Assert.Equal(
                $"{what}, '{shown}', can't be saved: character {at} is one half of a surrogate pair without the other. Correct the text.",
                e.Message);
        }

        Assert.Equal(0, _epochs);
    }

    [Theory]
    [MemberData(nameof(Places))]
    public void The_longest_text_trains_resumes_and_is_saved_as_it_was(string place, string what)
    {
        string text = "😀" + new string('n', MostBytes - 4);
        string path = _folder.File("model.zip");

        TwoLayerNetworkTransformer trained = Fit(place, text);
        _mlContext.Model.Save(Fit(place, text), null, path);
        var loaded = (TwoLayerNetworkTransformer)_mlContext.Model.Load(path, out _);

        Assert.Equal(2, _epochs);
        Assert.Contains(text, (string[])[.. loaded.History.Options.Select(option => option.Value), .. loaded.Model.ClassNames]);
        Assert.Equal(trained.FeatureColumnName, loaded.FeatureColumnName);
        Assert.Equal(Examples.Bits(trained.Model), Examples.Bits(loaded.Model));
        Assert.NotEmpty(what);
    }

    // The weight of a class is stored under a name that is longer than that of the class.
    [Fact]
    public void A_weight_of_a_class_whose_name_just_fits_is_refused_before_the_first_epoch()
    {
        string text = new('n', MostBytes);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
            Fit("class", text, options => options.ClassWeights = new Dictionary<string, float> { [text] = 2 }));

        Assert.StartsWith("The name of an option, 'ClassWeights[nnn", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, _epochs);
    }

    private TwoLayerNetworkTransformer Fit(string place, string text, Action<Options>? change = null)
    {
        Example[] rows = Examples.Rows(30);
        rows[^1] = place == "class" ? rows[^1].With(label: text) : rows[^1];
        IDataView view = Examples.View(_mlContext, rows);
        IDataView data = _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        string Column(string name) => place == name.ToLowerInvariant() + " column" ? text : name == "Feature" ? "Features" : name;
        foreach (string name in new[] { "Feature", "Label", "Weight" }.Where(name => Column(name) == text))
        {
            data = _mlContext.Transforms.CopyColumns(text, name == "Feature" ? "Features" : name).Fit(data).Transform(data);
        }

        return Examples.Trainer(_mlContext, options =>
        {
            options.NumberOfEpochs = 2;
            (options.FeatureColumnName, options.LabelColumnName) = (Column("Feature"), Column("Label"));
            options.ExampleWeightColumnName = Column("Weight");
            options.Augmentation = place == "augmentation" ? new Named(text) : null;
            (options.CheckpointPath, options.ResumeFromCheckpoint) = (_folder.File("checkpoint"), true);
            options.EpochCallback = _ => _epochs++;
            change?.Invoke(options);
        }).Fit(data);
    }

    private sealed class Named(string name) : IAugmentation
    {
        public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
        {
        }

        public override string ToString() => name;
    }
}
