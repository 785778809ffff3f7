using Microsoft.ML;
using Microsoft.ML.Data;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>A training that was interrupted and resumed gives the same bytes as one that wasn't.</summary>
public sealed class CheckpointTests : CheckpointedTraining
{
    public static TheoryData<Optimizer, LearningRateSchedule> Rules { get; } = MakeRules();

    [Theory]
    [MemberData(nameof(Rules))]
    public void Every_optimizer_and_schedule_resumes_bit_for_bit(Optimizer optimizer, LearningRateSchedule schedule) =>
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
            options.EarlyStoppingTolerance = 0.05f;                                // so that there is a plateau
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
            ? Examples.Keyed(MLContext, Examples.Rows(60).Select(row => row.With(features: [.. row.Features.Select(x => 90 * x)])))
            : Data;
        AssertResumes(
            options =>
            {
                (options.InputDropout, options.HiddenDropout) = what == "dropout" ? (0.1f, 0.5f) : (0f, 0f);
                options.ValidationFraction = what is "validation fraction" or "restore best" ? 0.2f : 0;
                options.ValidationSet = what == "validation set" ? Data : null;
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

    [Fact]
    public void A_checkpoint_is_written_every_so_many_epochs_and_at_the_end_and_only_itself_stays_in_the_folder()
    {
        var sizes = new List<long>();
        Fit(options =>
        {
            (options.CheckpointPath, options.CheckpointInterval) = (Path, 3);
            // before the checkpoint of this epoch is written
            options.EpochCallback = _ => sizes.Add(File.Exists(Path) ? new FileInfo(Path).Length : 0);
        });
        sizes.Add(new FileInfo(Path).Length);

        // A checkpoint grows with its history: written after epochs 3, 6 and, as the last, 7.
        Assert.Equal([false, false, false, true, false, false, true, true], sizes.Zip(sizes.Prepend(0), (size, before) => size > before));
        Assert.Equal(["run.checkpoint"], Directory.EnumerateFileSystemEntries(Folder).Select(System.IO.Path.GetFileName));
    }

    [Fact]
    public void Without_a_file_or_unless_asked_to_resume_training_begins_anew()
    {
        TwoLayerNetworkTransformer expected = Fit(_ => { });

        AssertSame(expected, Fit(options => Resume(options, _ => { })));                                     // no file yet
        File.WriteAllText(Path, "anything");
        AssertSame(expected, Fit(options => options.CheckpointPath = Path));                                 // replaced
        AssertSame(expected, Fit(options => Resume(options, _ => { })));
    }

    public static TheoryData<StopReason, Optimizer> Ends { get; } = MakeEnds();

    [Theory]
    [MemberData(nameof(Ends))]
    public void A_finished_training_resumed_any_number_of_times_stays_the_same(StopReason reason, Optimizer optimizer)
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
            Assert.Equal(finished.History.Epochs, resumed.History.Epochs);                                   // including the times
            Assert.Equal(finished.History.StopDescription, resumed.History.StopDescription);
            Assert.Equal(checkpoint, File.ReadAllBytes(Path));
        }
    }

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
        // which has no learning-rate schedule
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
            var messages = new LogMessages(MLContext);

            AssertSame(expected, Fit(options => Resume(options, change), data));

            Assert.Contains(messages.Infos, message => message.StartsWith("Resumed from", StringComparison.Ordinal));
            File.Delete(Path);
        }
    }

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
}
