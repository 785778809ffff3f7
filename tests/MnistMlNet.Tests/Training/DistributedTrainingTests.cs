using Microsoft.ML;
using MnistMlNet.Tests.Tasks;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>Ranks that are threads train to the same bytes as one process, whatever their number.</summary>
public sealed class DistributedTrainingTests
{
    private const int Rows = 300;

    private static readonly MLContext s_mlContext = new(seed: 1);

    private static readonly Dictionary<string, Action<Options>> s_variants = new()
    {
        ["Adam"] = _ => { },
        ["slices of a large batch"] = o => o.BatchSize = 0,
        ["dropout"] = o => (o.InputDropout, o.HiddenDropout) = (0.2f, 0.3f),
        ["limited norms"] = o => (o.GradientClipNorm, o.MaxNorm) = (0.5f, 1.5f),
        ["GELU"] = o => o.Activation = Activation.Gelu,
        ["L-BFGS"] = o => (o.Optimizer, o.BatchSize, o.L2Regularization) = (Optimizer.Lbfgs, null, 0.01f),
        ["augmentation"] = o => o.Augmentation = new FeatureNoise(0.1f),
        ["validation"] = o => (o.RestoreBestEpoch, o.EarlyStoppingPatience) = (true, 2),
    };

    public static TheoryData<string> Variants => [.. s_variants.Keys];

    [Theory]
    [MemberData(nameof(Variants))]
    public void Model_parallel_ranks_train_to_the_bytes_of_one_process(string variant)
    {
        TwoLayerNetworkTransformer alone = Fit(Data(Rows), o => Change(o, variant));

        foreach (int size in (int[])[1, 2, 3, 7])
        {
            TwoLayerNetworkTransformer[] ranks = FitRanks(size, Data, o =>
            {
                Change(o, variant);
                o.Distribution = DistributionMode.ModelParallel;
            });

            AssertSame(alone, ranks);
        }
    }

    [Theory]
    [InlineData(32, 3)]
    [InlineData(100, 5)]
    public void More_ranks_than_panels_train_to_the_same_bytes(int hiddenUnits, int size)
    {
        TwoLayerNetworkTransformer alone = Fit(Data(60), o => o.HiddenUnits = hiddenUnits);

        AssertSame(alone, FitRanks(
            size, _ => Data(60), o => (o.HiddenUnits, o.Distribution) = (hiddenUnits, DistributionMode.ModelParallel)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_weights_of_shards_count_as_those_of_all_rows(bool cacheRows)
    {
        // The rows of shard 0 weigh a thousand times as much. The learning rate leaves the parameters as they are.
        IDataView rows = Examples.Keyed(s_mlContext, Examples.Rows(60).Select(row => row.With(weight: row.Id % 2 == 0 ? 1000 : 1)));
        void Unchanged(Options o) => (o.LearningRate, o.L2Regularization, o.NumberOfEpochs, o.ExampleWeightColumnName, o.ValidationSet) =
            (1e-30f, 0, 1, nameof(Example.Weight), rows);
        TwoLayerNetworkTransformer plain = Fit(rows, Unchanged);

        TwoLayerNetworkTransformer sharded = Fit(rows, o =>
        {
            Unchanged(o);
            (o.Distribution, o.Shards, o.CacheRows) = (DistributionMode.DataParallel, 2, cacheRows);
        });

        Check.Close(plain.History.Epochs[0].TrainLoss, sharded.History.Epochs[0].TrainLoss, 1e-5, "training loss");
        Check.Close(
            plain.History.Epochs[0].ValidationLoss!.Value, sharded.History.Epochs[0].ValidationLoss!.Value, 1e-5, "validation loss");
    }

    [Fact]
    public void Model_parallel_ranks_choose_the_same_regularization_as_one_process()
    {
        TwoLayerNetworkTransformer alone = Fit(Data(40), o => (o.HiddenUnits, o.BatchSize, o.NumberOfEpochs) = (70, null, null));

        TwoLayerNetworkTransformer[] ranks = FitRanks(
            2, _ => Data(40), o =>
                (o.HiddenUnits, o.BatchSize, o.NumberOfEpochs, o.Distribution) = (70, null, null, DistributionMode.ModelParallel));

        AssertSame(alone, ranks);
        Assert.NotNull(ranks[1].History.RegularizationSearch);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Data_parallel_training_of_one_shard_has_the_bytes_of_plain_training(string variant)
    {
        TwoLayerNetworkTransformer plain = Fit(Data(Rows), o => Change(o, variant));

        TwoLayerNetworkTransformer sharded = Fit(Data(Rows), o =>
        {
            Change(o, variant);
            o.Distribution = DistributionMode.DataParallel;
        });

        AssertSame(plain, sharded);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Averaging_of_one_shard_has_the_bytes_of_plain_training(string variant)
    {
        if (variant == "L-BFGS")
        {
            return;                                                                // refused, as another test shows
        }

        TwoLayerNetworkTransformer plain = Fit(Data(Rows), o => Change(o, variant));

        TwoLayerNetworkTransformer sharded = Fit(Data(Rows), o =>
        {
            Change(o, variant);
            o.Distribution = DistributionMode.Averaging;
        });

        AssertSame(plain, sharded);
    }

    [Theory]
    [InlineData(DistributionMode.DataParallel, "Adam")]
    [InlineData(DistributionMode.DataParallel, "dropout")]
    [InlineData(DistributionMode.DataParallel, "limited norms")]
    [InlineData(DistributionMode.DataParallel, "L-BFGS")]
    [InlineData(DistributionMode.DataParallel, "augmentation")]
    [InlineData(DistributionMode.DataParallel, "validation")]
    [InlineData(DistributionMode.Averaging, "Adam")]
    [InlineData(DistributionMode.Averaging, "dropout")]
    [InlineData(DistributionMode.Averaging, "limited norms")]
    [InlineData(DistributionMode.Averaging, "augmentation")]
    [InlineData(DistributionMode.Averaging, "validation")]
    public void Any_number_of_ranks_trains_the_same_shards_to_the_same_bytes(DistributionMode mode, string variant)
    {
        void Sharded(Options o)
        {
            Change(o, variant);
            (o.Distribution, o.Shards, o.ExampleWeightColumnName) = (mode, 5, nameof(Example.Weight));
        }

        TwoLayerNetworkTransformer alone = Fit(Data(Rows + 7), Sharded);

        foreach (int size in (int[])[2, 3, 5])
        {
            AssertSame(alone, FitRanks(size, collective => Shard(Data(Rows + 7), collective, 5), Sharded));
        }
    }

    [Theory]
    [InlineData(DistributionMode.DataParallel)]
    [InlineData(DistributionMode.Averaging)]
    public void Streamed_shards_train_to_the_same_bytes_on_any_number_of_ranks(DistributionMode mode)
    {
        void Streamed(Options o) => (o.Distribution, o.Shards, o.CacheRows) = (mode, 3, false);
        TwoLayerNetworkTransformer alone = Fit(Data(Rows + 1), Streamed);

        AssertSame(alone, FitRanks(2, collective => Shard(Data(Rows + 1), collective, 3), Streamed));
        AssertSame(alone, FitRanks(3, collective => Shard(Data(Rows + 1), collective, 3), Streamed));
    }

    [Theory]
    [InlineData(DistributionMode.DataParallel)]
    [InlineData(DistributionMode.ModelParallel)]
    public void Ranks_train_regressions_of_several_numbers_to_the_bytes_of_one_process(DistributionMode mode)
    {
        IDataView data = TaskRows.View(s_mlContext, TaskRows.Make(200));
        TwoLayerNetworkRegressionTransformer Train(ICollective? collective, IDataView rows) => s_mlContext.Regression.Trainers
            .TwoLayerNetwork(new TwoLayerNetworkRegressionTrainer.Options
            {
                LabelColumnName = nameof(TaskRow.Numbers),
                HiddenUnits = 130,
                NumberOfEpochs = 3,
                Seed = 1,
                NumberOfThreads = 1,
                Optimizer = Optimizer.Adam,
                Collective = collective,
                Distribution = collective is null && mode == DistributionMode.ModelParallel ? null : mode,
                Shards = mode == DistributionMode.DataParallel ? 3 : null,
                ValidationSet = rows,
            }).Fit(rows);
        TwoLayerNetworkRegressionTransformer alone = Train(null, data);

        (TwoLayerNetworkRegressionTransformer? Result, Exception? Failure)[] ranks = ThreadCollective.Run(
            3, collective => Train(collective, mode == DistributionMode.DataParallel ? Shard(data, collective, 3) : data));

        Assert.All(ranks, rank =>
        {
            Assert.Null(rank.Failure);
            Assert.Equal(alone.Model.HiddenWeights.ToArray(), rank.Result!.Model.HiddenWeights.ToArray());
            Assert.Equal(Losses(alone.History), Losses(rank.Result.History));
            Assert.Equal(alone.History.Epochs[^1].ValidationRSquared, rank.Result.History.Epochs[^1].ValidationRSquared);
        });
    }

    [Fact]
    public void A_step_of_model_parallel_training_has_one_sum()
    {
        const int Epochs = 2, Batches = 10;
        (int Result, Exception? Failure)[] sums = ThreadCollective.Run(2, collective =>
        {
            Trainer(o => (o.Collective, o.Distribution, o.NumberOfEpochs, o.BatchSize) =
                (collective, DistributionMode.ModelParallel, Epochs, Rows / Batches)).Fit(Data(Rows));
            return collective.SumCount;
        });

        Assert.All(sums, rank => Assert.Equal(Epochs * Batches, rank.Result));
    }

    [Theory]
    [InlineData(DistributionMode.DataParallel, 0.9)]
    [InlineData(DistributionMode.Averaging, 0.9)]
    public void Four_shards_learn_what_one_learns(DistributionMode mode, double accuracy)
    {
        TwoLayerNetworkTransformer model = Fit(
            Data(2000), o => (o.Distribution, o.Shards, o.NumberOfEpochs, o.BatchSize) = (mode, 4, 30, 16));

        double found = s_mlContext.MulticlassClassification.Evaluate(model.Transform(Data(500, seed: 2))).MicroAccuracy;
        Assert.InRange(found, accuracy, 1);
    }

    [Fact]
    public void Sharded_statistics_are_those_of_all_rows()
    {
        // Features of 3000 ± 1: only if the centres are those of all shards, the result is close to plain training.
        Example[] rows = [.. Examples.Rows(400).Select(row => row.With(features: [.. row.Features.Select(x => 3000 + x)]))];
        IDataView data = Examples.Keyed(s_mlContext, rows);
        TwoLayerNetworkTransformer plain = Fit(data, o => (o.NumberOfEpochs, o.BatchSize) = (20, 0));
        TwoLayerNetworkTransformer sharded = Fit(
            data, o => (o.NumberOfEpochs, o.BatchSize, o.Distribution, o.Shards) = (20, 0, DistributionMode.DataParallel, 7));

        Check.Close(
            plain.History.Epochs[^1].TrainLoss, sharded.History.Epochs[^1].TrainLoss, 2e-3 * plain.History.Epochs[^1].TrainLoss, "loss");
    }

    internal static IDataView Data(ICollective? collective) => Data(Rows);

    internal static IDataView Data(int count, int seed = 1) => Examples.Keyed(new MLContext(1), Examples.Rows(count, seed));

    internal static IDataView Shard(IDataView data, ICollective collective, int shards) =>
        s_mlContext.Data.ShardRows(data, collective, shards);

    internal static TwoLayerNetworkTransformer[] FitRanks(int size, Func<ICollective, IDataView> data, Action<Options> change)
    {
        (TwoLayerNetworkTransformer? Result, Exception? Failure)[] ranks = ThreadCollective.Run(
            size, collective => Fit(data(collective), o =>
            {
                change(o);
                o.Collective = collective;
                o.ValidationSet = o.ValidationSet is { } all && o.Shards is { } shards ? Shard(all, collective, shards) : o.ValidationSet;
            }));
        Assert.All(ranks, rank => Assert.Null(rank.Failure));
        return [.. ranks.Select(rank => rank.Result!)];
    }

    internal static TwoLayerNetworkTransformer Fit(IDataView data, Action<Options> change) => Trainer(change).Fit(data);

    internal static TwoLayerNetworkTrainer Trainer(Action<Options> change) => Examples.Trainer(new MLContext(1), o =>
    {
        (o.HiddenUnits, o.NumberOfEpochs, o.BatchSize) = (200, 4, 32);
        change(o);
    });

    internal static void AssertSame(TwoLayerNetworkTransformer expected, params TwoLayerNetworkTransformer[] actual) =>
        Assert.All(actual, model =>
        {
            Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(model.Model));
            Assert.Equal(Losses(expected.History), Losses(model.History));
        });

    private static void Change(Options options, string variant)
    {
        s_variants[variant](options);
        options.ValidationSet = variant == "validation" ? Data(100, seed: 3) : null;
    }

    private static (double, double, double?)[] Losses(TrainingHistory history) =>
        [.. history.Epochs.Select(epoch => (epoch.TrainLoss, epoch.TrainAccuracy, epoch.ValidationLoss))];
}
