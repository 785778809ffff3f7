using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

public class DropoutTests
{
    private static readonly ResolvedOptions s_plan = ResolvedOptionsFactory.Adam with
    {
        InputDropout = 0.2f,
        HiddenDropout = 0.5f,
        NumberOfEpochs = 3,
        BatchSize = 32,
        Shuffle = true,
    };

    [Theory]
    [InlineData(32)]
    [InlineData(300)]
    public void Any_number_of_threads_and_sparse_or_dense_storage_train_to_the_same_bits(int batchSize)
    {
        (float[] expected, TrainingEpoch[] epochs) = Train(s_plan with { BatchSize = batchSize }, sparse: true);
        foreach ((int threads, bool sparse) in ((int, bool)[])[(2, true), (3, true), (1, false), (2, false)])
        {
            (float[] actual, TrainingEpoch[] actualEpochs) = Train(s_plan with { BatchSize = batchSize, NumberOfThreads = threads },
                sparse);

            Check.SameBits(expected, actual, $"{threads} threads, {(sparse ? "sparse" : "dense")}");
            Assert.Equal(epochs, actualEpochs);
        }
    }

    [Fact]
    public void Each_epoch_and_each_seed_drops_others()
    {
        // With a rate of 1e-30 no parameter changes, so each epoch's loss depends only on what was dropped.
        ResolvedOptions still = s_plan with { Optimizer = Optimizer.GradientDescent, LearningRate = 1e-30f, Shuffle = false };

        TrainingEpoch[] one = Train(still, sparse: true).Epochs, two = Train(still with { Seed = 2 }, sparse: true).Epochs;

        Assert.Equal(6, one.Concat(two).Select(epoch => epoch.TrainLoss).Distinct().Count());
        Assert.Single(
            Train(still with { InputDropout = 0, HiddenDropout = 0 }, sparse: true).Epochs.Select(epoch => epoch.TrainLoss).Distinct());
    }

    [Fact]
    public void Scoring_and_validation_drop_nothing()
    {
        SampleRows held = SampleRows.Random(seed: 53, rowCount: 300, inputCount: 20, classCount: 4);
        NetworkParameters parameters = FlatParameters.Random(seed: 52, 20, 80, 4, Activation.Relu);

        TrainingEpoch last = new TrainingLoop(s_plan, KernelSelector.Best, parameters, Rows().Pack(sparse: true), held.Pack(sparse: true))
            .Run()[^1];

        ReferenceNetwork reference = FlatParameters.Reference(parameters);
        Check.Close(reference.SumOfLosses(held, [.. Enumerable.Range(0, 300)]) / 300, last.ValidationLoss!.Value, 1e-6, "validation loss");
        float[] probabilities = new float[4];
        new TwoLayerNetworkModelParameters(parameters, default).Predict(held.Row(0), probabilities);
        Check.Close(reference.Probabilities(held.Row(0)), probabilities, 1e-6, "probabilities");
    }

    [Theory]
    [InlineData(0.2f)]
    [InlineData(0.5f)]
    public void Inputs_and_hidden_units_keep_their_mean(float rate)
    {
        // 20,000 values of 1 each become 0 or 1 / (1 - p), whose variance is p / (1 - p): 5 standard deviations of their mean.
        const int Rows = 200, Units = 100;
        double tolerance = 5 * Math.Sqrt(rate / (1 - rate) / (Rows * Units));
        NetworkParameters parameters = FlatParameters.Random(seed: 1, Units, Units, 2, Activation.Relu);
        var dropout = new Dropout(KernelSelector.Best, parameters, rate, rate, Rows) { Key = 99 };
        var batch = new Batch(Units, isSparse: false, Rows) { RowCount = Rows };
        var workspace = new Workspace(parameters, Rows);
        int[] rows = [.. Enumerable.Range(0, Rows)];
        batch.CopyRows();
        Array.ForEach(rows, r => batch.CopiedRow(r).Fill(1));
        workspace.Activations.Span.Fill(1);

        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            dropout.DropInputs(rows, batch, inputBlock, 0, Rows, new WorkerScratch(Units));
        }

        dropout.DropHidden(rows, workspace, 0, parameters.HiddenLayout.PaddedOutputCount, 0, Rows);

        double inputs = rows.Average(r => batch.CopiedRow(r).ToArray().Average());
        double units = rows.Average(r => workspace.Activations.Slice(r * workspace.ActivationStride, Units).ToArray().Average());
        Check.Close(1, inputs, tolerance, "inputs");
        Check.Close(1, units, tolerance, "hidden units");
        Assert.NotEqual(
            // a separate sequence of draws
            batch.CopiedRow(0).ToArray().Select(x => x == 0), workspace.Activations.Slice(0, Units).ToArray().Select(x => x == 0));
    }

    private static (float[] Parameters, TrainingEpoch[] Epochs) Train(ResolvedOptions plan, bool sparse)
    {
        NetworkParameters parameters = FlatParameters.Random(seed: 52, 20, 80, 4, Activation.Relu);
        IReadOnlyList<TrainingEpoch> epochs = new TrainingLoop(plan, KernelSelector.Best, parameters, Rows().Pack(sparse), null).Run();
        return (parameters.All.ToArray(), [.. epochs.Select(epoch => epoch with { Elapsed = TimeSpan.Zero })]);
    }

    private static SampleRows Rows() => SampleRows.Random(seed: 51, rowCount: 320, inputCount: 20, classCount: 4);
}
