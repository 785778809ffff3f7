using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Tests.Network;

public class BatchTransposeTests
{
    [Theory]
    [InlineData(23)]
    [InlineData(70_000)]
    public void Any_range_of_inputs_holds_the_columns_of_the_rows_in_their_order(int inputCount)
    {
        const int Inputs = 23;
        var groups = new BatchTranspose();
        SparseRow[] rows = Rows(seed: 1, rowCount: 17, Inputs, inputCount);
        for (int first = 0; first <= Inputs; first++)
        {
            for (int end = first; end <= Inputs; end++)
            {
                AssertColumns(groups, rows, first, end);
            }
        }
    }

    [Fact]
    public void One_instance_serves_batches_that_grow_and_shrink()
    {
        SparseRow[] rows = Rows(seed: 2, rowCount: 40, inputs: 9, inputCount: 9);
        var groups = new BatchTranspose();
        foreach (int count in (int[])[1, 40, 3, 17, 0, 40])
        {
            AssertColumns(groups, rows[..count], 0, 9);
        }
    }

    private static SparseRow[] Rows(int seed, int rowCount, int inputs, int inputCount)
    {
        SampleRows rows = SampleRows.Random(seed, rowCount, inputs, classCount: 2, density: 0.5);
        return [.. Enumerable.Range(0, rowCount).Select(r =>
        {
            int[] indices = [.. Enumerable.Range(0, inputs).Where(i => rows.Row(r)[i] != 0)];
            return new SparseRow(new CsrStorage(indices, [.. indices.Select(i => rows.Row(r)[i])], inputCount), 0, indices.Length);
        })];
    }

    private static void AssertColumns(BatchTranspose groups, SparseRow[] rows, int first, int end)
    {
        groups.Build(Array.ConvertAll(rows, row => row.Between(first, end)), first, end - first);

        Assert.Equal(end - first, groups.Counts.Length);
        for (int i = first; i < end; i++)
        {
            var expected = new List<TransposedEntry>();
            for (int r = 0; r < rows.Length; r++)
            {
                for (int n = 0; n < rows[r].Count; n++)
                {
                    if (rows[r].Index(n) == i)
                    {
                        expected.Add(new TransposedEntry(rows[r].Values[n], r));
                    }
                }
            }

            Assert.Equal(expected, groups.Entries.Slice((i - first) * groups.Stride, groups.Counts[i - first]).ToArray());
        }
    }
}
