using Microsoft.ML;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// Augmentation within training: the same bits whatever the threads and the storage, also where rows are read again or training is resumed.
/// </summary>
public sealed class AugmentedTrainingTests
{
    private const int Side = 9;

    private static readonly IAugmentation s_images =
        Augmentation.WithProbability(new ImageAugmentation(Side, Side) { ElasticSigma = 2, ElasticAlpha = 8 }, 0.8f);

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<string> Kinds { get; } = ["images", "noise", "masking", "sequence"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void One_two_and_three_threads_and_either_storage_train_to_the_same_bits(string kind)
    {
        foreach (int batchSize in (int[])[64, 400])                                // 400: more than one slice
        {
            ResolvedOptions plan = ResolvedOptionsFactory.Adam with
            {
                BatchSize = batchSize,
                Shuffle = true,
                NumberOfEpochs = 2,
                Augmentation = Kind(kind)
            };
            float[] expected = Train(plan, sparse: true);
            Assert.NotEqual(Train(plan with { Augmentation = null }, sparse: true), expected);
            foreach (int threads in (int[])[1, 2, 3])
            {
                foreach (bool sparse in (bool[])[true, false])
                {
                    Check.SameBits(expected, Train(plan with { NumberOfThreads = threads }, sparse),
                        $"{kind}, {threads} threads, sparse {sparse}, batch {batchSize}");
                }
            }
        }
    }

    [Theory]
    [InlineData(32)]
    [InlineData(400)]
    public void An_augmentation_that_changes_nothing_trains_to_the_bits_of_none(int batchSize)
    {
        ResolvedOptions plan = ResolvedOptionsFactory.Adam with { BatchSize = batchSize, Shuffle = true, NumberOfEpochs = 2 };
        foreach (bool sparse in (bool[])[true, false])
        {
            float[] expected = Train(plan, sparse);

            Check.SameBits(expected, Train(plan with { Augmentation = Augmentation.Affine(Side, Side, 0, 0, 1, 1, 0) }, sparse),
                "affine by 0");
            Check.SameBits(expected, Train(plan with { Augmentation = new FeatureMasking(0) }, sparse), "masking of nothing");
        }
    }

    [Fact]
    public void Another_seed_augments_differently()
    {
        ResolvedOptions plan = ResolvedOptionsFactory.Adam with { Augmentation = new FeatureMasking(0.5f) };

        Assert.NotEqual(Train(plan with { Seed = 1 }, sparse: true), Train(plan with { Seed = 2 }, sparse: true));
    }

    [Theory]
    [InlineData(true, 64)]
    [InlineData(false, 64)]
    [InlineData(true, 300)]
    public void No_step_allocates_after_each_batch_has_been_seen(bool sparse, int batchSize)
    {
        const int RowCount = 600;
        SampleRows rows = Rows(RowCount);
        PackedRows packed = rows.Pack(sparse);
        NetworkParameters parameters = Network();
        ResolvedOptions plan = ResolvedOptionsFactory.Adam with
        {
            BatchSize = batchSize,
            Augmentation = Augmentation.Sequence(s_images, new FeatureNoise(0.1f), new FeatureMasking(0.7f))
        };
        using var team = new WorkerTeam(1);
        var trainer = new BatchTrainer(plan, KernelSelector.Best, parameters, packed,
            ParameterOptimizer.Create(plan, KernelSelector.Best, parameters.Length), team)
        {
            Augmenter = BatchAugmenter.For(plan, KernelSelector.Best, packed, team),
        };
        int[] order = [.. Enumerable.Range(0, RowCount)];

        void Epoch(int epoch)
        {
            trainer.Augmenter!.BeginEpoch(epoch);
            trainer.Augmenter.BeginWindow(packed);
            for (int first = 0; first < RowCount; first += batchSize)
            {
                trainer.Step(order.AsMemory(first, Math.Min(batchSize, RowCount - first)), 0.001f);
            }
        }

        Epoch(1);                                                                  // buffers grow to the largest batch

        // The epoch number stays the same: other epochs leave different non-zero values, and so may need a little more memory.
        Allocation.AssertNone(() =>
        {
            Epoch(1);
            Epoch(1);
        });
    }

    [Fact]
    public void Rows_that_are_read_again_are_changed_as_rows_in_memory_are()
    {
        IDataView data = TableData.View(_mlContext, Rows(300), 3);
        int[] Bits(bool cache) => Examples.Bits(Examples.Trainer(_mlContext, options =>
        {
            options.Augmentation = s_images;
            options.CacheRows = cache;
            options.Shuffle = false;
        }).Fit(data).Model);

        Assert.Equal(Bits(cache: true), Bits(cache: false));
    }

    [Fact]
    public void A_resumed_training_continues_with_the_same_augmentation_and_refuses_others()
    {
        using var folder = new TemporaryFolder();
        IDataView data = TableData.View(_mlContext, Rows(100), 3);
        int[] Bits(int epochs, IAugmentation augmentation, bool resume) => Examples.Bits(Examples.Trainer(_mlContext, options =>
        {
            options.Augmentation = augmentation;
            options.NumberOfEpochs = epochs;
            options.LearningRateSchedule = LearningRateSchedule.Constant;
            options.CheckpointPath = folder.File("state");
            options.ResumeFromCheckpoint = resume;
            options.InputDropout = 0.1f;
        }).Fit(data).Model);

        int[] expected = Bits(4, s_images, resume: false);
        Bits(2, s_images, resume: false);

        Exception e = Assert.ThrowsAny<Exception>(() => Bits(4, new FeatureMasking(0.25f), resume: true));
        Assert.Contains("Augmentation", e.Message, StringComparison.Ordinal);
        Assert.Contains("FeatureMasking(0.25)", e.Message, StringComparison.Ordinal);
        Assert.Equal(expected, Bits(4, s_images, resume: true));
    }

    private static IAugmentation Kind(string kind) => kind switch
    {
        "images" => s_images,
        "noise" => new FeatureNoise(0.2f),
        "masking" => new FeatureMasking(0.4f),
        _ => Augmentation.Sequence(s_images, new FeatureMasking(0.2f), new FeatureNoise(0.1f)),
    };

    private static SampleRows Rows(int count) => SampleRows.Random(seed: 7, count, inputCount: Side * Side, classCount: 3, weighted: true);

    private static NetworkParameters Network() => FlatParameters.Random(seed: 8, Side * Side, 80, 3, Activation.Relu);

    private static float[] Train(ResolvedOptions plan, bool sparse)
    {
        NetworkParameters parameters = Network();
        new TrainingLoop(plan, KernelSelector.Best, parameters, Rows(330).Pack(sparse), null).Run();
        return parameters.All.ToArray();
    }
}
