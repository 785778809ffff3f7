using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Tests.Tasks;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>No rank waits for one that has failed; resumed training has the same bytes on another number of ranks.</summary>
public sealed class DistributedFailureTests
{
    private static readonly MLContext s_mlContext = new(seed: 1);

    [Fact]
    public void Ranks_with_different_options_all_throw_an_error_that_names_the_option()
    {
        Exception[] failures = Failures((o, collective) => o.HiddenUnits = collective.Rank == 2 ? 64 : 200);

        Assert.All(failures, failure =>
        {
            Assert.IsType<InvalidOperationException>(failure);
            Assert.Contains("HiddenUnits is 64 on rank 2 and 200 on rank 0", failure.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Ranks_with_different_classes_all_throw()
    {
        Exception[] failures = Failures((_, _) => { }, collective =>
        {
            IEnumerable<Example> rows = Examples.Rows(60).Select(row => row.With(label: collective.Rank == 1 ? row.Label + "!" : null));
            return new MLContext(1).Transforms.Conversion.MapValueToKey("Label").Fit(Examples.View(s_mlContext, rows))
                .Transform(Examples.View(s_mlContext, rows));
        });

        Assert.All(failures, failure => Assert.Contains("the list of classes", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Model_parallel_ranks_with_different_rows_all_throw()
    {
        Exception[] failures = Failures((_, _) => { }, collective => DistributedTrainingTests.Data(60, seed: 1 + collective.Rank));

        Assert.All(failures, failure => Assert.Contains("the hash of the rows", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rank_that_cannot_read_its_rows_ends_all_with_its_message()
    {
        Exception[] failures = Failures((_, _) => { }, collective => collective.Rank == 1
            ? Examples.Keyed(s_mlContext, Examples.Rows(60).Select(row => row.Id < 50 ? row : throw new IOException("disk is gone")))
            : DistributedTrainingTests.Data(60));

        Assert.All([failures[0], failures[2]], failure =>
        {
            Assert.Contains("Rank 1 of 3 has failed", failure.Message, StringComparison.Ordinal);
            Assert.Contains("disk is gone", failure.Message, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_callback_that_throws_on_one_rank_aborts_all()
    {
        Exception[] failures = Failures((o, collective) => o.EpochCallback = epoch =>
            _ = collective.Rank == 1 && epoch.Epoch == 2 ? throw new TimeoutException("too slow") : 0);

        Assert.IsType<TimeoutException>(failures[1].InnerException);
        Assert.All([failures[0], failures[2]], failure =>
            Assert.Contains("Rank 1: too slow", failure.InnerException?.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_that_is_canceled_on_one_rank_ends_all_after_the_epoch()
    {
        using var source = new CancellationTokenSource();
        Exception[] failures = Failures((o, collective) =>
        {
            o.CancellationToken = collective.Rank == 2 ? source.Token : default;
            o.EpochCallback = epoch =>
            {
                if (collective.Rank == 2 && epoch.Epoch == 2)
                {
                    source.Cancel();
                }
            };
        });

        Assert.All(failures, failure => Assert.IsType<OperationCanceledException>(failure));
    }

    [Fact]
    public void A_callback_that_cancels_on_one_rank_aborts_all()
    {
        Exception[] failures = Failures((o, collective) =>
        {
            o.KeepBestOnCancel = true;
            o.EpochCallback = epoch => _ = collective.Rank == 0 && epoch.Epoch == 2 ? throw new OperationCanceledException("enough") : 0;
        });

        Assert.IsType<OperationCanceledException>(failures[0].InnerException);
        Assert.Contains("Rank 0: enough", failures[1].InnerException?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Options.Seed))]
    [InlineData(nameof(Options.EarlyStoppingPatience))]
    [InlineData(nameof(Options.CheckpointInterval))]
    [InlineData("whether CheckpointPath is given")]
    [InlineData(nameof(Options.ValidationSet))]
    public void Ranks_that_would_make_different_calls_all_throw_before(string difference)
    {
        using var folder = new TemporaryFolder();
        Exception[] failures = Failures((o, collective) =>
        {
            bool isLast = collective.Rank == 2;
            o.Seed = difference == nameof(o.Seed) && isLast ? null : 1;
            o.EarlyStoppingPatience = difference == nameof(o.EarlyStoppingPatience) && isLast ? 1 : 0;
            o.CheckpointPath = isLast && difference == "whether CheckpointPath is given" ? null : folder.File("run.checkpoint");
            o.CheckpointInterval = difference == nameof(o.CheckpointInterval) && isLast ? 2 : 1;
            o.ValidationSet = difference == nameof(o.ValidationSet) && isLast ? DistributedTrainingTests.Data(20) : null;
        });

        Assert.All(failures, failure => Assert.Contains(
            $"The ranks don't train the same: {difference} is", failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Model_parallel_ranks_with_different_validation_rows_all_throw()
    {
        Exception[] failures = Failures((o, collective) => o.ValidationSet = DistributedTrainingTests.Data(20 + collective.Rank));

        Assert.All(failures, failure => Assert.Contains("the hash of the validation rows", failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DistributionMode.DataParallel)]
    [InlineData(DistributionMode.Averaging)]
    public void A_token_ends_shards_in_one_process(DistributionMode mode)
    {
        using var source = new CancellationTokenSource();
        var epochs = new List<int>();

        Assert.Throws<OperationCanceledException>(() => DistributedTrainingTests.Fit(DistributedTrainingTests.Data(60), o =>
        {
            (o.Distribution, o.Shards, o.CancellationToken) = (mode, 3, source.Token);
            o.EpochCallback = epoch =>
            {
                epochs.Add(epoch.Epoch);
                source.Cancel();
            };
        }));
        Assert.Equal([1], epochs);
    }

    [Theory]
    [InlineData(DistributionMode.DataParallel)]
    [InlineData(DistributionMode.Averaging)]
    public void A_loss_that_is_infinite_ends_the_training_of_shards(DistributionMode mode)
    {
        IDataView rows = TaskRows.View(s_mlContext, TaskRows.Make(60).Select(row => row.With(x => x.Number *= 1e25f)));

        InvalidOperationException failure = Assert.Throws<InvalidOperationException>(() => s_mlContext.Regression.Trainers.TwoLayerNetwork(
            new TwoLayerNetworkRegressionTrainer.Options
            {
                LabelColumnName = nameof(TaskRow.Number),
                StandardizeTargets = false,
                GradientClipNorm = 1,
                Optimizer = Optimizer.Adam,
                Distribution = mode,
                Shards = 2,
                Seed = 1,
                NumberOfThreads = 1,
            }).Fit(rows));
        Assert.Contains("Training diverged: the loss is", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_without_rows_is_named()
    {
        Exception[] failures = Failures(
            (o, _) => o.Distribution = DistributionMode.DataParallel,
            collective => s_mlContext.Data.ShardRows(DistributedTrainingTests.Data(2), collective));

        Assert.All(failures, failure =>
            Assert.Contains("Shard 2 of 3 has no valid training rows", failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DistributionMode.DataParallel)]
    [InlineData(DistributionMode.ModelParallel)]
    [InlineData(DistributionMode.Averaging)]
    public void A_checkpoint_resumes_to_the_same_bytes_on_another_number_of_ranks(DistributionMode mode)
    {
        using var folder = new TemporaryFolder();
        void Sharded(Options o)
        {
            (o.Distribution, o.NumberOfEpochs) = (mode, 5);
            o.Shards = mode == DistributionMode.ModelParallel ? null : 4;
            o.ExampleWeightColumnName = nameof(Example.Weight);
        }

        IDataView Rows(ICollective collective) => mode == DistributionMode.ModelParallel
            ? DistributedTrainingTests.Data(203)
            : DistributedTrainingTests.Shard(DistributedTrainingTests.Data(203), collective, 4);
        TwoLayerNetworkTransformer[] whole = DistributedTrainingTests.FitRanks(2, Rows, Sharded);
        string path = folder.File("run.checkpoint");
        (bool Result, Exception? Failure)[] interrupted = ThreadCollective.Run(4, collective =>
        {
            DistributedTrainingTests.Fit(Rows(collective), o =>
            {
                Sharded(o);
                (o.Collective, o.CheckpointPath) = (collective, path);
                o.EpochCallback = epoch => _ = epoch.Epoch == 4 ? throw new TimeoutException() : 0;
            });
            return true;
        });
        Assert.All(interrupted, rank => Assert.NotNull(rank.Failure));

        foreach (int size in (int[])[1, 3])
        {
            string copy = folder.File($"{size}.checkpoint");
            File.Copy(path, copy);
            TwoLayerNetworkTransformer[] resumed = DistributedTrainingTests.FitRanks(size, Rows, o =>
            {
                Sharded(o);
                (o.CheckpointPath, o.ResumeFromCheckpoint) = (copy, true);
            });
            DistributedTrainingTests.AssertSame(whole[0], resumed);
        }
    }

    [Fact]
    public void Only_rank_0_touches_the_checkpoint_file()
    {
        using var folder = new TemporaryFolder();
        DistributedTrainingTests.FitRanks(3, _ => DistributedTrainingTests.Data(60), o => o.Distribution = DistributionMode.ModelParallel);
        (bool Result, Exception? Failure)[] ranks = ThreadCollective.Run(3, collective =>
        {
            DistributedTrainingTests.Fit(DistributedTrainingTests.Data(60), o => (o.Collective, o.Distribution, o.CheckpointPath) =
                (collective, DistributionMode.ModelParallel, folder.File($"rank{collective.Rank}")));
            return true;
        });

        Assert.All(ranks, rank => Assert.Null(rank.Failure));
        Assert.Equal(["rank0"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 5)]
    [InlineData(3, 3)]
    public void ShardRows_gives_row_i_to_shard_i_mod_S(int size, int shards)
    {
        IDataView data = Examples.View(s_mlContext, Examples.Rows(17));
        (int[]? Result, Exception? Failure)[] ranks = ThreadCollective.Run(
            size, collective => s_mlContext.Data.ShardRows(data, collective, shards).GetColumn<int>(nameof(Example.Id)).ToArray());

        for (int rank = 0; rank < size; rank++)
        {
            int first = rank * shards / size, end = (rank + 1) * shards / size;
            Assert.Equal(Enumerable.Range(0, 17).Where(i => i % shards >= first && i % shards < end), ranks[rank].Result);
        }
    }

    [Fact]
    public void FitOnFirstRank_gives_all_ranks_the_keys_of_rank_0()
    {
        (string[]? Result, Exception? Failure)[] ranks = ThreadCollective.Run(3, collective =>
        {
            var mlContext = new MLContext(1);
            IDataView own = Examples.View(mlContext, Examples.Rows(9).Select(row => row.With(label: $"{row.Label}{collective.Rank}")));
            ITransformer keys = mlContext.Model.FitOnFirstRank(mlContext.Transforms.Conversion.MapValueToKey("Label"), own, collective);
            VBuffer<ReadOnlyMemory<char>> values = default;
            keys.Transform(own).Schema["Label"].GetKeyValues(ref values);
            return values.DenseValues().Select(value => value.ToString()).ToArray();
        });

        Assert.All(ranks, rank => Assert.Equal(["a0", "b0", "c0"], rank.Result!));
    }

    private static Exception[] Failures(Action<Options, ICollective> change, Func<ICollective, IDataView>? data = null) =>
        [.. ThreadCollective.Run(3, collective => DistributedTrainingTests.Fit(
            data?.Invoke(collective) ?? DistributedTrainingTests.Data(60), o =>
            {
                (o.Collective, o.Distribution) = (collective, DistributionMode.ModelParallel);
                change(o, collective);
            })).Select(rank => Assert.IsAssignableFrom<Exception>(rank.Failure))];
}
