using MnistMlNet.Data;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

public class InputPartitionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void One_to_eight_workers_cover_all_inputs_exactly_once(bool sparse)
    {
        foreach (int inputs in (int[])[1, 2, 7, 8, 784])
        {
            foreach (double density in (double[])[0, 0.01, 1])
            {
                SampleRows rows = SampleRows.Random(seed: 1, rowCount: 20, inputs, classCount: 2, density);
                for (int workers = 1; workers <= 8; workers++)
                {
                    int[] bounds = Split(rows.Pack(sparse), workers, batchRows: 64);

                    Assert.Equal(workers + 1, bounds.Length);
                    Assert.Equal((0, inputs), (bounds[0], bounds[^1]));
                    Assert.Equal(bounds.Order(), bounds);
                }
            }
        }
    }

    [Fact]
    public void Dense_inputs_cost_the_same_and_are_partitioned_equally()
    {
        SampleRows rows = SampleRows.Random(seed: 1, rowCount: 3, inputCount: 800, classCount: 2);

        Assert.Equal([0, 100, 200, 300, 400, 500, 600, 700, 800], Split(rows.Pack(sparse: false), 8, batchRows: 64));
    }

    [Theory]
    [InlineData(124, 64)]
    [InlineData(101, 51)]
    public void Two_workers_get_the_input_blocks_unless_the_work_would_be_far_from_equal(int busy, int expected)
    {
        // The first inputs are in every row, the others in none, and batches are so large that only entries count: the equal split is in
        // the middle of the inputs with entries.
        float[] features = [.. Enumerable.Range(0, 20).SelectMany(_ => Enumerable.Range(0, 128).Select(i => i < busy ? 1f : 0))];

        int[] bounds = Split(new SampleRows(128, features, new int[20], null).Pack(sparse: true), 2, batchRows: 100_000);

        Assert.Equal(expected, bounds[1]);
    }

    [Fact]
    public void Inputs_with_entries_count_more_than_empty_ones()
    {
        // 100 inputs, the first 10 in every row, the others in none: with large enough batches, half of the cost is the cost of five inputs
        // with entries.
        float[] features = [.. Enumerable.Range(0, 20).SelectMany(_ => Enumerable.Range(0, 100).Select(i => i < 10 ? 1f : 0))];

        int[] bounds = Split(new SampleRows(100, features, new int[20], null).Pack(sparse: true), 2, batchRows: 100_000);

        Assert.InRange(bounds[1], 5, 6);
    }

    [Fact]
    public void A_smaller_team_has_ranges_that_cover_all_inputs()
    {
        var partition = new InputPartition(SampleRows.Random(seed: 1, rowCount: 3, inputCount: 100, classCount: 2).Pack(sparse: false),
            workerCount: 7, batchRows: 64);

        Assert.Equal((0, 100), partition.GetRange(0, 1));
        Assert.Equal((100, 100), (partition.GetRange(2, 3).End, partition.GetRange(6, 7).End));
    }

    private static int[] Split(PackedRows rows, int workers, int batchRows)
    {
        var partition = new InputPartition(rows, workers, batchRows);
        return [0, .. Enumerable.Range(0, workers).Select(worker => partition.GetRange(worker, workers).End)];
    }
}
