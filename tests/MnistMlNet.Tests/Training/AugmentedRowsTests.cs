using Microsoft.ML;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// Which rows an augmentation sees and in what form, and how an augmentation that asks for too much or writes NaN is refused.
/// </summary>
public sealed class AugmentedRowsTests
{
    private const int Side = 9;

    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Each_row_is_changed_differently_in_each_epoch_but_the_same_wherever_it_is_in_the_order()
    {
        // Row r is r + 1 in every feature, so that the values that an augmentation sees identify the row.
        const int Rows = 40, Epochs = 3;
        var rows = new SampleRows(2, [.. Enumerable.Range(0, 2 * Rows).Select(i => i / 2 + 1f)], new int[Rows], null);
        (float Row, float Draw)[] Seen(bool shuffle)
        {
            var recorder = new Recorder();
            ResolvedOptions plan = ResolvedOptionsFactory.Adam with
            {
                BatchSize = 16,
                Shuffle = shuffle,
                NumberOfEpochs = Epochs,
                LearningRate = 1e-6f,
                Augmentation = recorder
            };
            new TrainingLoop(plan, KernelSelector.Best, FlatParameters.Random(seed: 1, 2, 3, 2, Activation.Identity),
                rows.Pack(sparse: false), null).Run();
            return [.. recorder.Seen];
        }

        (float Row, float Draw)[] inOrder = Seen(shuffle: false), shuffled = Seen(shuffle: true);

        Assert.Equal(Rows * Epochs, inOrder.Select(each => each.Draw).Distinct().Count());
        Assert.NotEqual(inOrder, shuffled);
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            Assert.Equal(inOrder.Skip(epoch * Rows).Take(Rows), shuffled.Skip(epoch * Rows).Take(Rows).OrderBy(each => each.Row));
        }
    }

    [Fact]
    public void The_history_names_all_settings_of_an_augmentation()
    {
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options => options.Augmentation = Augmentation.WithProbability(
            Augmentation.Sequence(new ImageAugmentation(Side, Side), new FeatureNoise(0.5f)), 0.75f))
                .Fit(TableData.View(_mlContext, Rows(20), 3));

        Assert.Equal(
            "WithProbability(Sequence(ImageAugmentation(9 × 9, Shift 1, Rotation 10, scale 0.85 to 1.15, Shear 0.15, ElasticAlpha 37, "
                + "ElasticSigma 6), FeatureNoise(0.5)), 0.75)",
            model.History.Options.Single(pair => pair.Key == "Augmentation").Value);
    }

    [Fact]
    public void Rows_held_back_for_validation_are_not_augmented()
    {
        var recorder = new Recorder();
        SampleRows rows = Rows(60);
        Examples.Trainer(_mlContext, options =>
        {
            options.Augmentation = recorder;
            options.ValidationFraction = 0.25f;
            options.NumberOfEpochs = 2;
        }).Fit(TableData.View(_mlContext, rows, 3));

        int distinct = recorder.Rows.Select(row => string.Join(' ', row)).Distinct().Count();
        Assert.InRange(distinct, 43, 47);                                          // a quarter of each of three classes, rounded
        Assert.Equal(2 * distinct, recorder.Rows.Count);
    }

    [Fact]
    public void Validation_rows_are_measured_as_they_are()
    {
        // All training rows become 0. The validation loss must be the loss of the unchanged rows: a network trained on zeros only still
        // computes a result for them.
        SampleRows held = Rows(50);
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options => options.Augmentation = new FeatureMasking(1))
            .Fit(TableData.View(_mlContext, Rows(100), 3), TableData.View(_mlContext, held, 3));

        double loss = 0, zeroLoss = 0;
        float[] probabilities = new float[3];
        for (int r = 0; r < held.RowCount; r++)
        {
            model.Model.Predict(held.Row(r), probabilities);
            loss -= Math.Log(probabilities[held.Labels[r]]) / held.RowCount;
            model.Model.Predict(new float[Side * Side], probabilities);
            zeroLoss -= Math.Log(probabilities[held.Labels[r]]) / held.RowCount;
        }

        Check.Close(loss, model.History.Epochs[^1].ValidationLoss!.Value, 1e-6, "validation loss");
        Assert.True(Math.Abs(loss - zeroLoss) > 1e-3, "The test can't tell rows from zeros.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_augmentation_sees_features_above_ten_as_the_column_gives_them(bool movesValues)
    {
        // During training they are divided by 200, or by 200, 20 and 1.
        var recorder = new Recorder { MixesFeatures = movesValues };
        var rows = new SampleRows(3, [200, 20, 0, 100, 0, 0.5f], [0, 1], null);

        Examples.Trainer(_mlContext, options =>
        {
            options.Augmentation = recorder;
            options.NumberOfEpochs = 1;
            options.Shuffle = false;
        }).Fit(TableData.View(_mlContext, rows, 2));

        Check.Close([200, 20, 0, 100, 0, 0.5], [.. recorder.Rows.SelectMany(row => row)], 2e-5, "rows");
    }

    [Fact]
    public void Features_above_ten_get_one_common_scale_where_values_move_between_them()
    {
        TrainingSet set = new(new SampleRows(3, [200, 20, 0], [0], null).Pack(sparse: false), new SkippedRows(), [],
            [200, 20, 0])
        { ClassWeightSums = [] };
        float[] Scaled(IAugmentation? augmentation)
        {
            PackedRows rows = new SampleRows(3, [200, 20, 3], [0], null).Pack(sparse: false);
            FeatureScale.Create(set, augmentation)!.ScaleRows(rows);
            return rows.Expand(0, []).ToArray();
        }

        Check.Close([1, 1, 3], Scaled(null), 1e-6, "no augmentation");
        Check.Close([1, 1, 3], Scaled(new FeatureNoise(1)), 1e-6, "noise");
        Check.Close([1, 0.1, 0.015], Scaled(new ImageAugmentation(3, 1)), 1e-6, "images");
        Assert.Contains("Options.Augmentation", FeatureScale.Create(set, new ImageAugmentation(3, 1))!.Warning("Pixels"),
            StringComparison.Ordinal);
        Assert.DoesNotContain("NormalizeMinMax", FeatureScale.Create(set, new ImageAugmentation(3, 1))!.Warning("Pixels"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_augmentation_of_another_size_is_refused_by_Fit_with_column_and_sizes()
    {
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext, options => options.Augmentation = new ImageAugmentation(28, 28));

        ArgumentException e = Assert.Throws<ArgumentException>(() => trainer.Fit(TableData.View(_mlContext, Rows(10), 3)));

        Assert.StartsWith("Options.Augmentation doesn't fit the feature column 'Features' of 81 features: ", e.Message,
            StringComparison.Ordinal);
        Assert.Contains("28 × 28 = 784 features; the rows have 81", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void An_augmentation_that_writes_no_number_is_named_with_feature_row_and_epoch(float value)
    {
        var recorder = new Recorder { Spoils = (Call: 300 + 17, Feature: 80, value) };
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext, options =>
        {
            options.Augmentation = recorder;
            options.Shuffle = false;
        });

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => trainer.Fit(TableData.View(_mlContext, Rows(300), 3)));

        Assert.StartsWith($"Options.Augmentation made feature 80 of row 17 {(float.IsNaN(value) ? "NaN" : "-Infinity")} in epoch 2;",
            e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shifted_digits_are_recognized_better_after_training_on_shifted_ones()
    {
        // Bars in nine columns of an image, whose class is the orientation; trained in the upper left corner, tested in the lower right
        // one, four pixels away.
        SampleRows train = Bars(corner: 0), test = Bars(corner: 4);
        double Accuracy(IAugmentation? augmentation)
        {
            TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, options =>
            {
                options.HiddenUnits = 32;
                options.NumberOfEpochs = 300;
                options.Augmentation = augmentation;
            }).Fit(TableData.View(_mlContext, train, 2));
            return _mlContext.MulticlassClassification.Evaluate(model.Transform(TableData.View(_mlContext, test, 2))).MicroAccuracy;
        }

        double without = Accuracy(null), with =
            Accuracy(Augmentation.Affine(Side, Side, shift: 4.5f, rotation: 0, minScale: 1, maxScale: 1, shear: 0));

        Assert.InRange(without, 0, 0.8);
        Assert.InRange(with, 0.9, 1);
    }

    private static SampleRows Rows(int count) => SampleRows.Random(seed: 7, count, inputCount: Side * Side, classCount: 3, weighted: true);

    /// <summary>Bars of four pixels, vertical or horizontal, at the 2 × 2 positions of a 5 × 5 corner.</summary>
    private static SampleRows Bars(int corner)
    {
        var features = new List<float>();
        var labels = new List<int>();
        for (int at = 0; at < 8; at++)
        {
            float[] image = new float[Side * Side];
            int x = corner + at % 2, y = corner + at / 2 % 2;
            for (int i = 0; i < 4; i++)
            {
                image[at < 4 ? (y + i) * Side + x : y * Side + x + i] = 1;
            }

            features.AddRange(image);
            labels.Add(at / 4);
        }

        return new SampleRows(Side * Side, [.. features], [.. labels], null);
    }

    /// <summary>Changes nothing except one number; for one thread only.</summary>
    private sealed class Recorder : IAugmentation
    {
        public List<(float Row, float Draw)> Seen { get; } = [];

        public List<float[]> Rows { get; } = [];

        public bool MixesFeatures { get; init; }

        public (int Call, int Feature, float Value) Spoils { get; init; } = (-1, 0, 0);

        public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random)
        {
            source.CopyTo(destination);
            if (Seen.Count == Spoils.Call)
            {
                destination[Spoils.Feature] = Spoils.Value;
            }

            Seen.Add((source[0], random.NextSingle()));
            Rows.Add(source.ToArray());
        }
    }
}
