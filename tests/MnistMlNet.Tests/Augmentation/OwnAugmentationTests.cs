using Microsoft.ML;

namespace MnistMlNet.Tests.Augmentations;

/// <summary>Augmentations written by users: what they ask for is checked, and what they leave out is defined.</summary>
public sealed class OwnAugmentationTests
{
    private static readonly Dictionary<string, Func<IAugmentation, IAugmentation>> s_wrappings = new()
    {
        ["alone"] = each => each,
        ["in a sequence of one"] = each => Augmentation.Sequence(each),
        ["first of a sequence"] = each => Augmentation.Sequence(each, new FeatureMasking(0)),
        ["last of a sequence"] = each => Augmentation.Sequence(new FeatureMasking(0), each),
        ["sometimes"] = each => Augmentation.WithProbability(each, 0.999f),
    };

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Wrappings { get; } = [.. s_wrappings.Keys];

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    [InlineData((1 << 30) + 1)]
    public void A_scratch_length_out_of_range_is_refused_with_the_augmentation_and_the_length(int length)
    {
        foreach ((string name, Func<IAugmentation, IAugmentation> wrap) in s_wrappings)
        {
            var rows = new CountingDataView(Examples.Keyed(_mlContext, Examples.Rows(30)));
            TwoLayerNetworkTrainer trainer = Examples.Trainer(
                _mlContext, options => options.Augmentation = wrap(new Own { Scratch = length }));

            ArgumentException error = Assert.Throws<ArgumentException>(() => trainer.Fit(rows));

            Assert.StartsWith(
                $"Options.Augmentation doesn't fit the feature column 'Features' of 4 features: "
                + $"Own: GetScratchLength(4) gave {length}; 0 to 1073741824 floats are expected.",
                error.Message, StringComparison.Ordinal);
            Assert.True(rows.Asked.IsEmpty, name);
        }
    }

    [Theory]
    [MemberData(nameof(Wrappings))]
    public void Features_that_an_augmentation_does_not_write_keep_the_row_s_values(string wrapping)
    {
        foreach (float factor in (float[])[1, 100])                                // 100: features are scaled while training
        {
            foreach (bool isSparse in (bool[])[true, false])
            {
                IDataView rows = Rows(factor, isSparse);

                TwoLayerNetworkTransformer expected = Fit(s_wrappings[wrapping](new Own { Writes = 4 }), rows, threads: 1);
                TwoLayerNetworkTransformer actual = Fit(s_wrappings[wrapping](new Own { Writes = 2 }), rows, threads: 1);

                Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(actual.Model));
                Assert.NotEqual(Examples.Bits(Fit(null, rows, threads: 1).Model), Examples.Bits(actual.Model));
            }
        }
    }

    [Fact]
    public void Scratch_holds_no_data_of_other_rows()
    {
        // It adds the scratch values that it finds to the row, and leaves the row in the scratch. Which rows a worker saw before depends on
        // the number of workers.
        IDataView rows = Rows(1, isSparse: false);

        int[] expected = Examples.Bits(Fit(new Own { Scratch = 4, AddsScratch = true }, rows, threads: 1).Model);

        Assert.Equal(Examples.Bits(Fit(new Own(), rows, threads: 1).Model), expected);
        Assert.Equal(expected, Examples.Bits(Fit(new Own { Scratch = 4, AddsScratch = true }, rows, threads: 3).Model));
    }

    private TwoLayerNetworkTransformer Fit(IAugmentation? augmentation, IDataView rows, int threads) =>
        Examples.Trainer(_mlContext, options => (options.Augmentation, options.NumberOfThreads) = (augmentation, threads)).Fit(rows);

    private IDataView Rows(float factor, bool isSparse) => Examples.Keyed(_mlContext, Examples.Rows(60).Select((row, i) => row.With(
        features: isSparse ? [0, 0, 0, factor * (i % 3 + 1)] : [.. row.Features.Select(value => value * factor)])));

    /// <summary>Doubles the first feature; copies as many of the others as <see cref="Writes"/> says.</summary>
    private sealed class Own : IAugmentation
    {
        public int Scratch { get; init; }

        public int Writes { get; init; } = 4;

        public bool AddsScratch { get; init; }

        public int GetScratchLength(int inputCount) => Scratch;

        public override string ToString() => "Own";

        public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
        {
            source[..Writes].CopyTo(destination);
            destination[0] = source[0] * 2 + 1;
            for (int i = 0; AddsScratch && i < source.Length; i++)
            {
                destination[i] += scratch[i];
            }

            if (AddsScratch)
            {
                source.CopyTo(scratch);
            }
        }
    }
}
