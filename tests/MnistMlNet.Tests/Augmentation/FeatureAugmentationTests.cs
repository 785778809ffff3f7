namespace MnistMlNet.Tests.Augmentations;

/// <summary>Noise, masks, and the classes that combine augmentations.</summary>
[Trait("Category", "HardwareTier")]
public class FeatureAugmentationTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(70)]
    public void Masking_sets_the_given_fraction_to_zero_and_leaves_the_rest(int inputCount)
    {
        float[] row = [.. Enumerable.Range(1, inputCount).Select(i => (float)i)];
        var random = new AugmentationRandom(1);
        int[] zeros = new int[inputCount];
        const int Rows = 4000;
        for (int r = 0; r < Rows; r++)
        {
            float[] result = Apply(new FeatureMasking(0.3f), row, random);
            for (int i = 0; i < inputCount; i++)
            {
                Assert.True(result[i] == 0 || result[i] == row[i], $"{row[i]} became {result[i]}");
                zeros[i] += result[i] == 0 ? 1 : 0;
            }
        }

        // The standard error of each feature's fraction is 0.0073; of 70 features, one may deviate by three of them.
        Assert.All(zeros, count => Check.Close(0.3, (double)count / Rows, 0.033, "share"));
        Assert.Equal(row, Apply(new FeatureMasking(0), row, random));
        Assert.Equal(new float[inputCount], Apply(new FeatureMasking(1), row, random));
    }

    [Fact]
    public void Noise_is_added_with_the_given_deviation_to_every_feature_independently()
    {
        float[] row = [5, 0, -3, 100];
        var random = new AugmentationRandom(1);
        double[][] noise = [.. Enumerable.Range(0, 10_000).Select(_ =>
            Apply(new FeatureNoise(0.5f), row, random).Zip(row, (after, before) => (double)after - before).ToArray())];

        for (int i = 0; i < row.Length; i++)
        {
            Check.Close(0, noise.Average(each => each[i]), 0.02, $"mean of {i}");                  // standard error 0.005
            Check.Close(0.25, noise.Average(each => each[i] * each[i]), 0.014, $"variance of {i}");        // standard error 0.0035
            Check.Close(0, noise.Average(each => each[i] * each[(i + 1) % 4]), 0.01, $"covariance of {i}");        // standard error 0.0025
        }

        Assert.Equal(row, Apply(new FeatureNoise(0), row, random));
    }

    [Theory]
    [InlineData(1, new float[] { 11 })]
    [InlineData(2, new float[] { 22 })]
    [InlineData(3, new float[] { 23 })]
    [InlineData(4, new float[] { 46 })]
    public void A_sequence_applies_its_parts_in_order(int count, float[] expected)
    {
        // 10 + 1 = 11; · 2 = 22; + 1 = 23; · 2 = 46.
        IAugmentation[] parts = [new Add(1), new Double(), new Add(1), new Double()];

        Assert.Equal(expected, Apply(Augmentation.Sequence(parts[..count]), [10], new AugmentationRandom(1)));
    }

    [Fact]
    public void A_sequence_has_the_requirements_of_all_its_parts()
    {
        IAugmentation sequence = Augmentation.Sequence(new FeatureNoise(1), new ImageAugmentation(4, 4));

        Assert.True(sequence.MixesFeatures);
        Assert.False(Augmentation.Sequence(new FeatureNoise(1), new FeatureMasking(1)).MixesFeatures);
        Assert.True(Augmentation.WithProbability(new ImageAugmentation(4, 4), 0.5f).MixesFeatures);
        Assert.Contains("4 × 4 = 16", Assert.Throws<ArgumentException>(() => sequence.CheckInputCount(15)).Message,
            StringComparison.Ordinal);
        Assert.Contains("4 × 4 = 16", Assert.Throws<ArgumentException>(() => Augmentation.WithProbability(sequence, 1).CheckInputCount(15))
            .Message, StringComparison.Ordinal);
        Assert.Equal(new ImageAugmentation(4, 4).GetScratchLength(16) + 16, sequence.GetScratchLength(16));
    }

    [Fact]
    public void WithProbability_changes_the_given_fraction_of_rows()
    {
        var random = new AugmentationRandom(2);
        int Changed(float probability) =>
            Enumerable.Range(0, 4000).Count(_ => Apply(Augmentation.WithProbability(new Add(1), probability), [5], random)[0] == 6);

        Assert.Equal(0, Changed(0));
        Assert.Equal(4000, Changed(1));
        Assert.InRange(Changed(0.3f), 1200 - 120, 1200 + 120);                     // four standard errors
    }

    [Fact]
    public void The_row_that_is_given_stays_as_it_is()
    {
        float[] row = SampleNumbers.Floats(new Random(3), 64), before = [.. row];
        IAugmentation[] all =
        [
            new ImageAugmentation(8, 8), new FeatureNoise(1), new FeatureMasking(0.5f),
            Augmentation.WithProbability(new FeatureNoise(1), 1),
            Augmentation.Sequence(new FeatureNoise(1), new ImageAugmentation(8, 8), new FeatureMasking(0.5f)),
            Augmentation.Sequence(new ImageAugmentation(8, 8), new FeatureNoise(1)),
        ];
        foreach (IAugmentation augmentation in all)
        {
            Assert.NotEqual(before, Apply(augmentation, row, new AugmentationRandom(1)));
            Check.SameBits(before, row, augmentation.GetType().Name);
        }
    }

    [Fact]
    public void Bad_arguments_are_refused_by_name()
    {
        Assert.StartsWith("probability is 1.1; it must be 0 to 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureMasking(1.1f)).Message, StringComparison.Ordinal);
        Assert.StartsWith("probability is NaN; it must be 0 to 1.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureMasking(float.NaN)).Message, StringComparison.Ordinal);
        Assert.StartsWith("standardDeviation is -1; it must be",
            Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureNoise(-1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("standardDeviation is Infinity; it must be",
            Assert.Throws<ArgumentOutOfRangeException>(() => new FeatureNoise(float.PositiveInfinity)).Message, StringComparison.Ordinal);
        Assert.StartsWith("probability is -0.1; it must be", Assert.Throws<ArgumentOutOfRangeException>(() =>
            Augmentation.WithProbability(new Add(1), -0.1f)).Message, StringComparison.Ordinal);
        Assert.StartsWith("augmentations is empty", Assert.Throws<ArgumentException>(() => Augmentation.Sequence()).Message,
            StringComparison.Ordinal);
        Assert.StartsWith("augmentations[1] is null",
            Assert.Throws<ArgumentException>(() => Augmentation.Sequence(new Add(1), null!)).Message, StringComparison.Ordinal);
    }

    private static float[] Apply(IAugmentation augmentation, float[] row, AugmentationRandom random)
    {
        float[] destination = [.. Enumerable.Repeat(float.NaN, row.Length)],
            scratch = [.. Enumerable.Repeat(float.NaN, augmentation.GetScratchLength(row.Length))];
        augmentation.Apply(row, destination, scratch, random);
        return destination;
    }

    private sealed class Add(float number) : IAugmentation
    {
        public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
        {
            for (int i = 0; i < source.Length; i++)
            {
                destination[i] = source[i] + number;
            }
        }
    }

    private sealed class Double : IAugmentation
    {
        public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
        {
            for (int i = 0; i < source.Length; i++)
            {
                destination[i] = 2 * source[i];
            }
        }
    }
}
