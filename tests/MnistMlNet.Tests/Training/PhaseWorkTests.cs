using MnistMlNet.Configuration;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>Which phases are large enough for a second worker.</summary>
public class PhaseWorkTests
{
    /// <summary>The tables on which two threads were up to ten times as slow as one.</summary>
    [Theory]
    [InlineData(150, 4, 8)]
    [InlineData(1000, 20, 16)]
    public void No_phase_of_a_small_table_uses_several_workers(int rowCount, int inputs, int batchSize)
    {
        Assert.Equal(batchSize, DefaultRules.BatchSize(rowCount));
        PhaseWork work = Work(SampleRows.Random(seed: 1, rowCount, inputs, classCount: 3), hiddenUnits: 32, sparse: false);

        Assert.All(
            [
                work.HiddenSums(batchSize), work.Rows(batchSize), work.Gradients(batchSize, areApplied: true),
                work.Transpose, work.UpdateAll, work.Norms,
            ],
            phase => Assert.InRange(phase, 0, 2 * WorkerCountController.MinWork - 1));
    }

    [Fact]
    public void The_phases_of_a_batch_of_images_use_several_workers()
    {
        SampleRows rows = SampleRows.Random(seed: 1, rowCount: 100, inputCount: 784, classCount: 10);
        PhaseWork work = Work(rows, hiddenUnits: 32, sparse: true, classes: 10);

        Assert.All(
            [work.HiddenSums(64), work.Rows(64), work.Gradients(64, areApplied: true)],
            phase => Assert.InRange(phase, 2 * WorkerCountController.MinWork, long.MaxValue));
    }

    [Fact]
    public void Dense_rows_count_their_inputs_and_sparse_rows_their_entries()
    {
        SampleRows rows = SampleRows.Random(seed: 2, rowCount: 50, inputCount: 40, classCount: 3);
        double entries = (double)rows.Features.Count(value => value != 0) / 50;

        Assert.Equal(10 * 40 * 8, Work(rows, 8, sparse: false).HiddenSums(10));
        Assert.Equal((long)(10 * entries * 8), Work(rows, 8, sparse: true).HiddenSums(10));
    }

    [Fact]
    public void An_update_that_follows_the_gradient_counts_with_it()
    {
        PhaseWork work = Work(SampleRows.Random(seed: 2, rowCount: 50, inputCount: 40, classCount: 3), 8, sparse: false);

        Assert.Equal(10 * 40 * 8 + 10 * 8 * 3, work.Gradients(10, areApplied: false));
        Assert.Equal(PhaseWork.Update * (41 * 8 + 9 * 3), work.Gradients(10, areApplied: true) - work.Gradients(10, areApplied: false));
    }

    private static PhaseWork Work(SampleRows rows, int hiddenUnits, bool sparse, int classes = 3) =>
        new(FlatParameters.Random(seed: 3, rows.InputCount, hiddenUnits, classes, Activation.Relu), rows.Pack(sparse));
}
