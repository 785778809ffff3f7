using Microsoft.ML;
using Microsoft.ML.Data;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>A training that was interrupted and resumed ends with the bytes of one that wasn't.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const int Epochs = 7;

    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _data;

    public CheckpointTests()
    {
        _data = Examples.Keyed(_mlContext, Examples.Rows(60));
    }

    private string Path => _folder.File("run.checkpoint");

    public void Dispose() => _folder.Dispose();

    public static TheoryData<Optimizer, LearningRateSchedule> Rules { get; } = MakeRules();

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_optimizer_and_schedule_goes_on_as_if_nothing_had_happened(Optimizer optimizer, LearningRateSchedule schedule) =>
        AssertResumes(options =>
    {
        options.Optimizer = optimizer;
        options.Momentum = optimizer == Optimizer.GradientDescent ? 0.9f : 0;
        options.LearningRateSchedule = schedule;
        options.WarmUpEpochs = 1.5f;
        if (schedule is LearningRateSchedule.OnPlateau or LearningRateSchedule.Step)
        {
            options.LearningRateDropEpochs = 2;
            options.LearningRateDropFactor = 0.5f;
            options.EarlyStoppingTolerance = 0.05f;                                // so that the plateau is there
        }
    });

    [Theory]
    [InlineData("L-BFGS")]
    [InlineData("augmentation")]
    [InlineData("dropout")]
    [InlineData("validation fraction")]
    [InlineData("validation set")]
    [InlineData("restore best")]
    [InlineData("keep best")]
    [InlineData("streaming")]
    [InlineData("class weights")]
    [InlineData("every second epoch")]
    [InlineData("raw features")]
    public void So_does_a_training_with(string what)
    {
        IDataView data = what == "raw features"
            ? Examples.Keyed(_mlContext, Examples.Rows(60).Select(row => row.With(features: [.. row.Features.Select(x => 90 * x)])))
            : _data;
        AssertResumes(
            options =>
            {
                (options.InputDropout, options.HiddenDropout) = what == "dropout" ? (0.1f, 0.5f) : (0f, 0f);
                options.ValidationFraction = what is "validation fraction" or "restore best" ? 0.2f : 0;
                options.ValidationSet = what == "validation set" ? _data : null;
                options.RestoreBestEpoch = what == "restore best";
                options.KeepBestOnCancel = what == "keep best";
                options.CacheRows = what != "streaming";
                options.Optimizer = what == "L-BFGS" ? Optimizer.Lbfgs : Optimizer.Adam;
                options.Augmentation = what == "augmentation" ? new FeatureNoise(0.1f) : null;
                options.BalancedClassWeights = what == "class weights";
                if (what == "every second epoch")
                {
                    options.CheckpointInterval = 2;
                }

                if (what == "restore best")
                {
                    // up and down: the last epoch isn't the best
                    (options.Optimizer, options.LearningRate) = (Optimizer.GradientDescent, 2);
                }
            },
            data);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Early_stopping_comes_at_the_same_epoch_and_a_finished_training_is_not_trained_again(int interruptedAfter)
    {
        void Change(Options options) =>
            (options.NumberOfEpochs, options.EarlyStoppingPatience, options.EarlyStoppingTolerance, options.RestoreBestEpoch) = (50, 3,
            0.02f, true);
        TwoLayerNetworkTransformer expected = Fit(Change);
        Assert.InRange(expected.History.Epochs.Count, 5, 49);
        Interrupt(Change, interruptedAfter);

        TwoLayerNetworkTransformer resumed = Fit(options => Resume(options, Change));
        int further = 0;
        TwoLayerNetworkTransformer again = Fit(options =>
        {
            Resume(options, Change);
            options.EpochCallback = _ => further++;
        });

        AssertSame(expected, resumed);
        AssertSame(expected, again);
        Assert.Equal(expected.History.StopReason, again.History.StopReason);
        Assert.Equal(0, further);
    }

    [Fact]
    public void The_number_of_threads_may_change_and_the_number_of_epochs_may_grow_where_the_schedule_does_not_depend_on_it()
    {
        static void Constant(Options options) => options.LearningRateSchedule = LearningRateSchedule.Constant;
        TwoLayerNetworkTransformer expected = Fit(Constant);
        Fit(options =>
        {
            Constant(options);
            (options.CheckpointPath, options.NumberOfEpochs) = (Path, 3);
        });

        TwoLayerNetworkTransformer resumed = Fit(options =>
        {
            Resume(options, Constant);
            options.NumberOfThreads = 2;
        });
        InvalidOperationException fewer = Assert.Throws<InvalidOperationException>(() => Fit(options =>
        {
            Resume(options, Constant);
            options.NumberOfEpochs = 2;
        }));

        AssertSame(expected, resumed);
        Assert.Equal($"The checkpoint '{Path}' has 7 epochs already; NumberOfEpochs is 2. It must be 7 or more.", fewer.Message);
    }

    public static TheoryData<string, string> Others => new()
    {
        { nameof(Options.LearningRate), "LearningRate was 0.004 and is 0.01" },
        { nameof(Options.NumberOfEpochs), "NumberOfEpochs was 7 and is 8" },                                 // Adam's cosine ends with them
        { nameof(Options.Seed), "Seed was 1 and is 2" },
        { nameof(Options.HiddenUnits), "HiddenUnits was 6 and is 7" },
        { nameof(Options.ClassWeights), "ClassWeights was null and is not there" },
        { nameof(Options.KeepBestOnCancel), "KeepBestOnCancel was False and is True" },
        { "data", "SHA-256 of the rows' features was " },
        { "labels", "SHA-256 of the rows' labels was " },
        { "validation", "SHA-256 of the validation rows' labels was none and is " },
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
        IDataView data = Examples.Keyed(_mlContext, rows);
        TwoLayerNetworkTrainer trainer = Examples.Trainer(_mlContext, options =>
        {
            Resume(options, _ => { });
            options.LearningRate = what == nameof(Options.LearningRate) ? 0.01f : null;
            options.NumberOfEpochs = what == nameof(Options.NumberOfEpochs) ? 8 : Epochs;
            options.Seed = what == nameof(Options.Seed) ? 2 : 1;
            options.HiddenUnits = what == nameof(Options.HiddenUnits) ? 7 : 6;
            options.ClassWeights = what == nameof(Options.ClassWeights) ? new Dictionary<string, float> { ["a"] = 2 } : null;
            options.KeepBestOnCancel = what == nameof(Options.KeepBestOnCancel);
        });
        TwoLayerNetworkModelParameters? initial = what == "initial model" ? Examples.Trainer(_mlContext).Fit(_data).Model : null;

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
            trainer.Fit(data, what == "validation" ? data : null, initial));

        Assert.StartsWith($"The checkpoint '{Path}' is of another training: {message}", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Delete the file, choose another CheckpointPath, or train as before.", e.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));                                                       // nothing existing is lost
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

            // A version that isn't known is not taken for damage.
            Assert.True(e is InvalidDataException || (e is FormatException && bytes[8] != whole[8]), e?.ToString());
            Assert.Contains($"'{Path}'", e!.Message, StringComparison.Ordinal);
            Assert.Equal(bytes, File.ReadAllBytes(Path));
        }
    }

    [Fact]
    public void A_checkpoint_is_written_every_so_many_epochs_and_at_the_end_and_only_itself_stays_in_the_folder()
    {
        var sizes = new List<long>();
        Fit(options =>
        {
            (options.CheckpointPath, options.CheckpointInterval) = (Path, 3);
            // before this epoch's own is written
            options.EpochCallback = _ => sizes.Add(File.Exists(Path) ? new FileInfo(Path).Length : 0);
        });
        sizes.Add(new FileInfo(Path).Length);

        // A checkpoint grows with its history: written after epochs 3, 6 and, as the last, 7.
        Assert.Equal([false, false, false, true, false, false, true, true], sizes.Zip(sizes.Prepend(0), (size, before) => size > before));
        Assert.Equal(["run.checkpoint"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public void Without_a_file_or_unless_asked_to_resume_training_begins_anew()
    {
        TwoLayerNetworkTransformer expected = Fit(_ => { });

        AssertSame(expected, Fit(options => Resume(options, _ => { })));                                     // no file yet
        _folder.Write("run.checkpoint", "anything");
        AssertSame(expected, Fit(options => options.CheckpointPath = Path));                                 // replaced
        AssertSame(expected, Fit(options => Resume(options, _ => { })));
    }

    public static TheoryData<StopReason, Optimizer> Ends { get; } = MakeEnds();

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_finished_training_resumes_to_itself_as_often_as_one_likes(StopReason reason, Optimizer optimizer)
    {
        void Change(Options options)
        {
            (options.Optimizer, options.NumberOfEpochs, options.CheckpointPath, options.HiddenUnits) = (optimizer,
                reason == StopReason.EpochLimit ? 5 : 400, Path, 4);
            if (reason == StopReason.EarlyStopping)
            {
                (options.EarlyStoppingPatience, options.EarlyStoppingTolerance) = (2, 0.05f);
            }
            else if (reason == StopReason.Converged)
            {
                options.L2Regularization = 0.1f;
            }
        }

        TwoLayerNetworkTransformer finished = Fit(Change);
        Assert.Equal(reason, finished.History.StopReason);
        byte[] checkpoint = File.ReadAllBytes(Path);

        for (int time = 0; time < 3; time++)
        {
            TwoLayerNetworkTransformer resumed = Fit(options => Resume(options, Change));

            AssertSame(finished, resumed);
            Assert.Equal(finished.History.Epochs, resumed.History.Epochs);                                   // the times, too
            Assert.Equal(finished.History.StopDescription, resumed.History.StopDescription);
            Assert.Equal(checkpoint, File.ReadAllBytes(Path));
        }
    }

    // A window holds 8 million values, but at least 256 rows: two of 262,144 rows of one feature, and a rest.
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
        _mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(i => new StreamedRow
        {
            Label = (uint)(i % 2) + (changed == "labels" && i >= count - 3 ? (uint)(1 - 2 * (i % 2)) : 0),
            Features = [(i % 2) + (changed == "features" && i == count - 1 ? 1 : 0)],
            Weight = changed == "weights" && i == count - 1 ? 2 : 1,
        }));

    private static TheoryData<StopReason, Optimizer> MakeEnds()
    {
        var ends = new TheoryData<StopReason, Optimizer> { { StopReason.Converged, Optimizer.Lbfgs } };
        foreach (Optimizer optimizer in Enum.GetValues<Optimizer>())
        {
            ends.Add(StopReason.EpochLimit, optimizer);
            ends.Add(StopReason.EarlyStopping, optimizer);
        }

        return ends;
    }

    private static TheoryData<Optimizer, LearningRateSchedule> MakeRules()
    {
        var rules = new TheoryData<Optimizer, LearningRateSchedule>();
        // which takes no schedule
        foreach (Optimizer optimizer in Enum.GetValues<Optimizer>().Where(optimizer => optimizer != Optimizer.Lbfgs))
        {
            foreach (LearningRateSchedule schedule in Enum.GetValues<LearningRateSchedule>())
            {
                rules.Add(optimizer, schedule);
            }
        }

        return rules;
    }

    private void AssertResumes(Action<Options> change, IDataView? data = null)
    {
        TwoLayerNetworkTransformer expected = Fit(change, data);
        foreach (int interruptedAfter in (int[])[1, 4])
        {
            Interrupt(change, interruptedAfter, data);
            var messages = new LogMessages(_mlContext);

            AssertSame(expected, Fit(options => Resume(options, change), data));

            Assert.Contains(messages.Infos, message => message.StartsWith("Resumed from", StringComparison.Ordinal));
            File.Delete(Path);
        }
    }

    /// <summary>Trains until the epoch after the one given has ended but isn't written yet.</summary>
    private void Interrupt(Action<Options> change, int epochs, IDataView? data = null) => Assert.Throws<TimeoutException>(() => Fit(
        options =>
        {
            change(options);
            options.CheckpointPath = Path;
            options.EpochCallback = epoch =>
                _ = epoch.Epoch <= Math.Max(epochs, options.CheckpointInterval) ? 0 : throw new TimeoutException();
        },
        data));

    private void Resume(Options options, Action<Options> change)
    {
        change(options);
        (options.CheckpointPath, options.ResumeFromCheckpoint) = (Path, true);
    }

    private TwoLayerNetworkTransformer Fit(Action<Options> change, IDataView? data = null) => Examples.Trainer(_mlContext, options =>
    {
        options.NumberOfEpochs = Epochs;
        change(options);
        options.CheckpointInterval = options.CheckpointPath is null ? 1 : options.CheckpointInterval;
    }).Fit(data ?? _data);

    private static void AssertSame(TwoLayerNetworkTransformer expected, TwoLayerNetworkTransformer actual)
    {
        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(actual.Model));
        Assert.Equal(
            expected.History.Epochs.Select(epoch => epoch with { Elapsed = TimeSpan.Zero }),
            actual.History.Epochs.Select(epoch => epoch with { Elapsed = TimeSpan.Zero }));
        Assert.Equal((expected.History.BestEpoch, expected.History.StopReason), (actual.History.BestEpoch, actual.History.StopReason));
        Assert.All(actual.History.Epochs.Zip(actual.History.Epochs.Skip(1)), pair =>
            Assert.True(pair.First.Elapsed <= pair.Second.Elapsed));
    }

    private sealed class StreamedRow
    {
        [KeyType(2)]
        public uint Label { get; set; }

        [VectorType(1)]
        public float[] Features { get; set; } = [];

        public float Weight { get; set; }
    }
}
