using MnistMlNet.Network;

namespace MnistMlNet.Tests.Network;

[Trait("Category", "HardwareTier")]
public class InputGroupsTests
{
    [Fact]
    public void Any_range_of_inputs_holds_the_columns_of_the_batch_in_row_order()
    {
        const int Inputs = 23;
        SampleRows rows = SampleRows.Random(seed: 1, rowCount: 17, Inputs, classCount: 2, density: 0.4);
        Batch batch = Gather(rows, [.. Enumerable.Range(0, 17).Reverse()]);
        var groups = new InputGroups();
        for (int first = 0; first <= Inputs; first++)
        {
            for (int end = first; end <= Inputs; end++)
            {
                AssertColumns(groups, batch, first, end);
            }
        }
    }

    [Fact]
    public void One_instance_serves_batches_that_grow_and_shrink()
    {
        SampleRows rows = SampleRows.Random(seed: 2, rowCount: 40, inputCount: 9, classCount: 2, density: 0.5);
        var groups = new InputGroups();
        foreach (int count in (int[])[1, 40, 3, 17, 0, 40])
        {
            AssertColumns(groups, Gather(rows, [.. Enumerable.Range(0, count)], capacity: 40), 0, 9);
        }
    }

    private static Batch Gather(SampleRows rows, int[] order, int? capacity = null)
    {
        PackedRows packed = rows.Pack(sparse: true);
        var batch = new Batch(rows.InputCount, isSparse: true, capacity ?? order.Length);
        packed.BeginGather(order, batch);
        packed.Gather(order, batch, 0, order.Length);
        return batch;
    }

    private static void AssertColumns(InputGroups groups, Batch batch, int first, int end)
    {
        var ranges = new RowRanges();
        int count = ranges.Find(batch, first, end);
        groups.Build(batch, ranges, count, first, end);

        Assert.Equal(end - first + 1, groups.Starts.Length);
        for (int i = first; i < end; i++)
        {
            var expected = new List<(int Row, float Value)>();
            for (int r = 0; r < batch.RowCount; r++)
            {
                for (int n = batch.Starts[r]; n < batch.Starts[r + 1]; n++)
                {
                    if (batch.Indices[n] == i)
                    {
                        expected.Add((r, batch.Values[n]));
                    }
                }
            }

            (int start, int stop) = (groups.Starts[i - first], groups.Starts[i - first + 1]);
            Assert.Equal(expected, Enumerable.Range(start, stop - start).Select(n => (groups.Rows[n], groups.Values[n])));
        }
    }
}
