using Microsoft.ML;
using Microsoft.ML.Data;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>A checkpoint that is damaged, or belongs to another training, is refused with the reason.</summary>
public sealed class CheckpointRefusalTests : CheckpointedTraining
{
    public static TheoryData<string, string> Others => new()
    {
        { nameof(Options.LearningRate), "LearningRate was 0.004 and is 0.01" },
        { nameof(Options.NumberOfEpochs), "NumberOfEpochs was 7 and is 8" },                                 // cosine depends on it
        { nameof(Options.Seed), "Seed was 1 and is 2" },
        { nameof(Options.HiddenUnits), "HiddenUnits was 6 and is 7" },
        { nameof(Options.ClassWeights), "ClassWeights was null and is [a] 2" },
        { nameof(Options.KeepBestOnCancel), "KeepBestOnCancel was False and is True" },
        { "data", "SHA-256 of the rows' features was " },
        { "labels", "SHA-256 of the rows' labels was " },
        { "validation", "validation rows was none and is given" },
        { "initial model", "SHA-256 of the initial parameters was " },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_training_is_refused_by_what_differs(string what, string message)
    {
        Interrupt(_ => { }, 3);
        byte[] before = File.ReadAllBytes(Path);
        Example[] rows = Examples.Rows(60);
        rows[59] = what == "data" ? rows[59].With(features: [1, 2, 3, 4]) : what == "labels" ? rows[59].With(label: "a") : rows[59];
        IDataView data = Examples.Keyed(MLContext, rows);
        TwoLayerNetworkTrainer trainer = Examples.Trainer(MLContext, options =>
        {
            Resume(options, _ => { });
            options.LearningRate = what == nameof(Options.LearningRate) ? 0.01f : null;
            options.NumberOfEpochs = what == nameof(Options.NumberOfEpochs) ? 8 : Epochs;
            options.Seed = what == nameof(Options.Seed) ? 2 : 1;
            options.HiddenUnits = what == nameof(Options.HiddenUnits) ? 7 : 6;
            options.ClassWeights = what == nameof(Options.ClassWeights) ? new Dictionary<string, float> { ["a"] = 2 } : null;
            options.KeepBestOnCancel = what == nameof(Options.KeepBestOnCancel);
        });
        TwoLayerNetworkModelParameters? initial = what == "initial model" ? Examples.Trainer(MLContext).Fit(Data).Model : null;

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
            trainer.Fit(data, what == "validation" ? data : null, initial));

        Assert.StartsWith($"The checkpoint '{Path}' belongs to another training: {message}", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(
            " Train as before; or delete the file or choose another CheckpointPath to start again. To train a finished model further with "
                + "other options or rows, use ContinueFit.", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));                                                       // no existing file is lost
    }

    [Fact]
    public void A_damaged_file_is_refused_by_name_wherever_the_damage_is_and_left_as_it_is()
    {
        Interrupt(_ => { }, 3);
        byte[] whole = File.ReadAllBytes(Path);
        int[] places = [0, 8, 12, 40, 300, whole.Length / 2, whole.Length - 40, whole.Length - 1];
        IEnumerable<byte[]> damaged =
        [
            .. places.Select(place => (byte[])[.. whole[..place], (byte)(whole[place] ^ 0x10), .. whole[(place + 1)..]]),
            [], whole[..7], whole[..100], whole[..^1], [.. whole, 0],
        ];
        foreach (byte[] bytes in damaged)
        {
            File.WriteAllBytes(Path, bytes);

            Exception e = Record.Exception(() => Fit(options => Resume(options, _ => { })));

            // An unknown version is not reported as damage.
            Assert.True(e is InvalidDataException || (e is FormatException && bytes[8] != whole[8]), e?.ToString());
            Assert.Contains($"'{Path}'", e!.Message, StringComparison.Ordinal);
            Assert.Equal(bytes, File.ReadAllBytes(Path));
        }
    }

    // A window holds 8 million values, but at least 256 rows: two windows of 262,144 rows of one feature, and a remainder.
    [Theory]
    [InlineData("labels", true)]
    [InlineData("features", true)]
    [InlineData("weights", true)]
    [InlineData("labels", false)]
    [InlineData("features", false)]
    [InlineData("weights", false)]
    public void Data_that_changed_behind_the_first_window_is_refused_by_name(string what, bool isStreamed)
    {
        const int rows = 530_000;
        IDataView data = Stream(rows, changed: ""), changed = Stream(rows, what);
        void Change(Options options) =>
            (options.CacheRows, options.NumberOfEpochs, options.ExampleWeightColumnName, options.BatchSize, options.HiddenUnits,
            options.LearningRateSchedule) =
            (!isStreamed, 1, "Weight", 4096, 2, LearningRateSchedule.Constant);
        Fit(options =>
        {
            Change(options);
            options.CheckpointPath = Path;
        }, data);

        Assert.Single(Fit(options => Resume(options, Change), Stream(rows, changed: "")).History.Epochs);
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(options => Resume(options, Change), changed));

        Assert.Contains($"SHA-256 of the rows' {what} was ", e.Message, StringComparison.Ordinal);
    }

    private IDataView Stream(int count, string changed) =>
        MLContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new StreamedRow
        {
            Label = (uint)(i % 2) + (changed == "labels" && i >= count - 3 ? (uint)(1 - 2 * (i % 2)) : 0),
            Features = [(i % 2) + (changed == "features" && i == count - 1 ? 1 : 0)],
            Weight = changed == "weights" && i == count - 1 ? 2 : 1,
        }));

    private sealed class StreamedRow
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public float Weight { get; set; }
    }
}
