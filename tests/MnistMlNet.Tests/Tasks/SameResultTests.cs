using Microsoft.ML;
using MnistMlNet.Tests.Training;

namespace MnistMlNet.Tests.Tasks;

/// <summary>The circumstances that must not change what is trained, for every task.</summary>
public sealed class SameResultTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _rows = TaskRows.Make(120);

    public static TheoryData<string> Tasks => TaskTraining.All;

    private IDataView Data => TaskRows.View(_mlContext, _rows);

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Any_number_of_threads_gives_the_same_bytes(string task)
    {
        foreach (Optimizer optimizer in (Optimizer[])[Optimizer.Adam, Optimizer.Lbfgs])
        {
            TaskModel[] models = [.. Enumerable.Range(1, 3).Select(threads => Fit(task, Data, options =>
            {
                (options.NumberOfThreads, options.WorkerCounts, options.Optimizer) = (threads, AllWorkers.Of, optimizer);
                (options.ExampleWeightColumnName, options.ValidationFraction) = (nameof(TaskRow.Weight), 0.2f);
                (options.BatchSize, options.L2Regularization) = (optimizer == Optimizer.Adam ? 40 : null, 0.001f);
            }))];

            Assert.All(models, model => Assert.Equal(models[0].Bits, model.Bits));
            Assert.All(models, model => Assert.Equal(Timeless(models[0].History), Timeless(model.History)));
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Rows_that_are_read_again_in_each_epoch_give_the_bytes_of_rows_in_memory(string task)
    {
        foreach (string? weights in (string?[])[null, nameof(TaskRow.Weight)])
        {
            void Plain(TwoLayerNetworkOptions options) =>
                (options.Shuffle, options.BatchSize, options.ExampleWeightColumnName) = (false, 16, weights);
            TaskModel expected = Fit(task, Data, Plain);

            TaskModel streamed = Fit(task, Data, options =>
            {
                Plain(options);
                options.CacheRows = false;
            });

            Assert.Equal(expected.Bits, streamed.Bits);
            Assert.Equal(Timeless(expected.History), Timeless(streamed.History));
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_resumed_training_gives_the_bytes_of_one_without_an_interruption(string task)
    {
        foreach (Optimizer optimizer in (Optimizer[])[Optimizer.Adam, Optimizer.Lbfgs])
        {
            using var folder = new TemporaryFolder();
            void Plain(TwoLayerNetworkOptions options) => (options.NumberOfEpochs, options.Optimizer, options.ValidationFraction,
                options.RestoreBestEpoch, options.L2Regularization) = (6, optimizer, 0.2f, true, 0.001f);
            TaskModel expected = Fit(task, Data, Plain);
            void Checkpointed(TwoLayerNetworkOptions options)
            {
                Plain(options);
                (options.CheckpointPath, options.ResumeFromCheckpoint) = (folder.File("run.checkpoint"), true);
            }

            Assert.Throws<TimeoutException>(() => Fit(task, Data, options =>
            {
                Checkpointed(options);
                options.EpochCallback = epoch => _ = epoch.Epoch <= 3 ? 0 : throw new TimeoutException();
            }));
            var messages = new LogMessages(_mlContext);
            TaskModel resumed = Fit(task, Data, Checkpointed), again = Fit(task, Data, Checkpointed);

            Assert.Contains(messages.Infos, message => message.StartsWith("Resumed from", StringComparison.Ordinal));
            Assert.Equal(expected.Bits, resumed.Bits);
            Assert.Equal(Timeless(expected.History), Timeless(resumed.History));
            Assert.Equal(expected.Bits, again.Bits);                           // it had ended
            Assert.Equal(resumed.History.Epochs, again.History.Epochs);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_checkpoint_of_other_labels_is_refused(string task)
    {
        using var folder = new TemporaryFolder();
        void Checkpointed(TwoLayerNetworkOptions options) =>
            (options.CheckpointPath, options.ResumeFromCheckpoint) = (folder.File("run.checkpoint"), true);
        Fit(task, Data, Checkpointed);
        TaskRow[] changed = [.. _rows];
        changed[^1] = changed[^1].With(row =>
        {
            row.Answer = !row.Answer;
            row.Number++;
            row.Count++;
            row.Numbers[2]++;
            row.Answers[2] = 1 - row.Answers[2];
        });

        InvalidOperationException refused = Assert.Throws<InvalidOperationException>(() =>
            Fit(task, TaskRows.View(_mlContext, changed), Checkpointed));

        Assert.Contains(folder.File("run.checkpoint"), refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_weight_counts_as_so_many_equal_rows(string task)
    {
        // One step a pass and no random numbers: the mean over the repeated rows is the weighted mean.
        void Plain(TwoLayerNetworkOptions options) =>
            (options.BatchSize, options.Optimizer, options.NumberOfEpochs, options.LearningRate) = (0, Optimizer.GradientDescent, 50, 0.1f);
        TaskModel weighted = Fit(task, Data, options =>
        {
            Plain(options);
            options.ExampleWeightColumnName = nameof(TaskRow.Weight);
        });
        TaskModel repeated = Fit(
            task, TaskRows.View(_mlContext, _rows.SelectMany(row => Enumerable.Repeat(row, (int)row.Weight))), Plain);
        TaskModel plain = Fit(task, Data, Plain);

        float[] expected = Scores(task, repeated), actual = Scores(task, weighted), unweighted = Scores(task, plain);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4 * Math.Max(1, Math.Abs(pair.First))));
        Assert.Contains(expected.Zip(unweighted), pair => Math.Abs(pair.First - pair.Second) > 1e-3);
        Assert.Equal(repeated.History.Epochs[^1].TrainLoss, weighted.History.Epochs[^1].TrainLoss, 1e-5);
        Assert.Equal(
            repeated.History.Epochs[^1].TrainRSquared ?? 0, weighted.History.Epochs[^1].TrainRSquared ?? 0, 1e-5);
    }

    private static IEnumerable<TrainingEpoch> Timeless(TrainingHistory history) =>
        history.Epochs.Select(epoch => epoch with { Elapsed = TimeSpan.Zero });

    private float[] Scores(string task, TaskModel model) => TaskTraining.Scores(task, model.Transformer.Transform(Data));

    private TaskModel Fit(string task, IDataView data, Action<TwoLayerNetworkOptions> change) =>
        TaskTraining.Fit(_mlContext, TaskTraining.Options(task, change), data);
}
