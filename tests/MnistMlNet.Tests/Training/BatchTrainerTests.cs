using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

public class BatchTrainerTests
{
    [Theory]
    [InlineData(true, 257, 5)]
    [InlineData(true, 257, 70)]
    [InlineData(false, 257, 70)]
    [InlineData(true, 600, 5)]
    [InlineData(false, 600, 5)]
    public void A_batch_of_several_slices_has_the_gradient_and_loss_of_all_its_rows(bool sparse, int rowCount, int hiddenUnits)
    {
        // 810 inputs: each input block has two parts of WorkerScratch.InputsAtOnce.
        Assert.True(rowCount > BatchTrainer.SliceRows);
        SampleRows rows = SampleRows.Random(seed: 1, rowCount, inputCount: 810, classCount: 4, weighted: true);
        NetworkParameters parameters = FlatParameters.Random(seed: 2, 810, hiddenUnits, 4, Activation.Tanh);
        ReferenceNetwork reference = FlatParameters.Reference(parameters);
        int[] order = [.. Enumerable.Range(0, rowCount).Reverse()];
        foreach (int threads in (int[])[1, 3])
        {
            var recorder = new GradientRecorder(parameters);
            using var team = new WorkerTeam(threads, AllWorkers.Of);

            BatchResult result = new BatchTrainer(
                ResolvedOptionsFactory.GradientDescent with { BatchSize = rowCount }, KernelSelector.Best, parameters, rows.Pack(sparse),
                recorder, team).Step(order, 1);

            // Sums of up to 600 terms of about 1/600 in float, each rounding by 2⁻²⁴ of a partial sum below 0.1; measured: 1e-7.
            Check.Close(reference.Gradient(rows, order), recorder.Gradient, 1e-6, $"gradient, {threads} threads");
            Check.Close(reference.SumOfLosses(rows, order) / rowCount, result.Loss / rowCount, 1e-6, "loss");
            Assert.Equal(rowCount, result.Rows);
            Assert.All(recorder.Updates, count => Assert.Equal(1, count));
        }
    }

    [Theory]
    [InlineData(5, 10)]
    [InlineData(100, 10)]
    [InlineData(100, 300)]
    public void Sparse_and_dense_storage_train_to_the_same_bits(int hiddenUnits, int batchSize)
    {
        SampleRows rows = SampleRows.Random(seed: 3, rowCount: 320, inputCount: 70, classCount: 5);
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            NetworkParameters sparse = FlatParameters.Random(seed: 4, 70, hiddenUnits, 5, activation), dense = sparse.Clone();
            ResolvedOptions plan = ResolvedOptionsFactory.Adam with { NumberOfEpochs = 3, BatchSize = batchSize, Shuffle = true };

            new TrainingLoop(plan, KernelSelector.Best, sparse, rows.Pack(sparse: true), null).Run();
            new TrainingLoop(plan, KernelSelector.Best, dense, rows.Pack(sparse: false), null).Run();

            Check.SameBits(dense.All, sparse.All, $"{activation}, {hiddenUnits} hidden units, batches of {batchSize}");
        }
    }

    [Theory]
    [InlineData(true, Optimizer.Adam, 64, false)]
    [InlineData(false, Optimizer.Adam, 64, false)]
    [InlineData(true, Optimizer.GradientDescent, 300, false)]
    [InlineData(false, Optimizer.GradientDescent, 300, false)]
    [InlineData(true, Optimizer.RmsProp, 64, true)]
    [InlineData(false, Optimizer.Adam, 64, true)]
    public void No_step_allocates_after_each_batch_has_been_seen(bool sparse, Optimizer optimizer, int batchSize, bool everyOption)
    {
        const int RowCount = 600;
        SampleRows rows = SampleRows.Random(seed: 5, RowCount, inputCount: 100, classCount: 10);
        NetworkParameters parameters = FlatParameters.Random(seed: 6, 100, 32, 10, Activation.Relu);
        ResolvedOptions plan = (optimizer == Optimizer.Adam ? ResolvedOptionsFactory.Adam
            : ResolvedOptionsFactory.GradientDescent) with
        { BatchSize = batchSize, Momentum = optimizer == Optimizer.Adam ? 0 : 0.9f };
        if (everyOption)
        {
            plan = plan with
            {
                Optimizer = optimizer,
                InputDropout = 0.1f,
                HiddenDropout = 0.2f,
                LabelSmoothing = 0.1f,
                ClassWeights = [.. Enumerable.Repeat(1.5f, 10)],
                L1Regularization = 0.01f,
                L2Regularization = 0.01f,
                MaxNorm = 1,
                GradientClipNorm = 0.1f,
            };
        }

        using var team = new WorkerTeam(1);
        var trainer = new BatchTrainer(
            plan, KernelSelector.Best, parameters, rows.Pack(sparse),
            ParameterOptimizer.Create(plan, KernelSelector.Best, parameters.Length), team);
        int[] order = [.. Enumerable.Range(0, RowCount)];

        void Epoch()
        {
            for (int first = 0; first < RowCount; first += batchSize)
            {
                trainer.Step(order.AsMemory(first, Math.Min(batchSize, RowCount - first)), 0.001f);
            }
        }

        Epoch();                                                               // buffers grow to the largest batch

        Allocation.AssertNone(() =>
        {
            for (int epoch = 0; epoch < 20; epoch++)
            {
                Epoch();
            }
        });
    }
}
