using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>The same seed gives the same bytes, on any number of threads.</summary>
public class SameBytesTests
{
    [Theory]
    [InlineData(true, 5, 32)]
    [InlineData(true, 32, 32)]
    [InlineData(true, 100, 32)]
    [InlineData(true, 32, 400)]
    [InlineData(true, 800, 32)]
    [InlineData(false, 800, 400)]
    [InlineData(false, 5, 32)]
    [InlineData(false, 32, 32)]
    [InlineData(false, 100, 32)]
    [InlineData(false, 32, 400)]
    public void One_two_three_and_eight_threads_train_to_the_same_bits(bool sparse, int hiddenUnits, int batchSize)
    {
        foreach (
            ResolvedOptions plan in (ResolvedOptions[])[ResolvedOptionsFactory.Adam with { L2Regularization = 0.01f },
            ResolvedOptionsFactory.GradientDescent with { Momentum = 0.9f, Nesterov = true }])
        {
            ResolvedOptions shuffled = plan with { BatchSize = batchSize, Shuffle = true, NumberOfEpochs = 2 };
            (float[] expected, TrainingEpoch[] expectedEpochs) = Train(shuffled with { NumberOfThreads = 1 }, sparse, hiddenUnits);
            foreach (int threads in (int[])[1, 2, 3, 8])
            {
                (float[] actual, TrainingEpoch[] epochs) = Train(shuffled with { NumberOfThreads = threads }, sparse, hiddenUnits);

                Check.SameBits(expected, actual, $"{plan.Optimizer}, {threads} threads");
                Assert.Equal(expectedEpochs, epochs);
            }
        }
    }

    [Fact]
    public void Another_seed_takes_the_rows_in_another_order_and_gives_other_bits()
    {
        ResolvedOptions plan = ResolvedOptionsFactory.Adam with { Shuffle = true };

        float[] one = Train(plan with { Seed = 1 }, sparse: true, 5).Parameters,
            two = Train(plan with { Seed = 2 }, sparse: true, 5).Parameters;

        Assert.NotEqual(one, two);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_epoch_takes_every_row_once_in_an_order_of_its_own_if_shuffled(bool shuffle)
    {
        // Row r has only input r, so the column of weights that a step changes identifies the row.
        const int Rows = 12;
        float[] features = new float[Rows * Rows];
        for (int r = 0; r < Rows; r++)
        {
            features[r * Rows + r] = 1;
        }

        NetworkParameters parameters = FlatParameters.Random(seed: 8, Rows, 2, 3, Activation.Identity);
        var snapshots = new List<float[]>();
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with { BatchSize = 1, NumberOfEpochs = 3, Shuffle = shuffle };
        var loop = new TrainingLoop(plan, KernelSelector.Best, parameters,
            new SampleRows(Rows, features, new int[Rows], null).Pack(sparse: true), null)
        {
            BatchBegins = () => snapshots.Add(FlatParameters.Of(parameters)),
        };

        loop.Run();
        snapshots.Add(FlatParameters.Of(parameters));

        int[] natural = [.. Enumerable.Range(0, Rows)];
        int[][] epochs = [.. snapshots.Zip(snapshots.Skip(1), (before, after) => natural.Single(i => before[i] != after[i])).Chunk(Rows)];
        Assert.Equal(3, epochs.Length);
        Assert.All(epochs, order => Assert.Equal(natural, order.Order()));
        Assert.Equal(shuffle ? 3 : 1, epochs.Select(order => string.Join(",", order)).Distinct().Count());
        Assert.Equal(!shuffle, epochs[0].SequenceEqual(natural));
    }

    private static (float[] Parameters, TrainingEpoch[] Epochs) Train(ResolvedOptions plan, bool sparse, int hiddenUnits)
    {
        SampleRows rows = SampleRows.Random(seed: 7, rowCount: 450, inputCount: 90, classCount: 10, weighted: true);
        NetworkParameters parameters = FlatParameters.Random(seed: 8, 90, hiddenUnits, 10, Activation.Relu);
        PackedRows validation = SampleRows.Random(seed: 9, rowCount: 300, inputCount: 90, classCount: 10).Pack(sparse);
        IReadOnlyList<TrainingEpoch> epochs = new TrainingLoop(plan, KernelSelector.Best, parameters, rows.Pack(sparse), validation).Run();
        return (parameters.All.ToArray(), [.. epochs.Select(epoch => epoch with { Elapsed = TimeSpan.Zero })]);
    }
}
