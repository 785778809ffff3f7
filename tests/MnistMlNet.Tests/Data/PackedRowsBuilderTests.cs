using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Tests.Network;

namespace MnistMlNet.Tests.Data;

[Trait("Category", "HardwareTier")]
public class PackedRowsBuilderTests
{
    [Theory]
    [InlineData(3, 2 * 4096 + 1)]                                              // blocks of 1,024 rows at most
    [InlineData(784, 2 * 2048 + 5)]                                            // the same limit: 2²¹ values would be 2,675 rows of 784
    [InlineData(65_536, 33)]                                                   // the last input that 2 bytes can name
    [InlineData(65_537, 33)]
    [InlineData(70_000, 40)]
    public void Rows_of_every_block_come_back_as_they_were_added_sparse_or_dense(int inputs, int rowCount)
    {
        foreach (double density in (double[])[0.05, 0.7])
        {
            SampleRows rows = SampleRows.Random(seed: inputs, rowCount, inputs, classCount: 5, density);
            rows.Features[^1] = 3;                                             // the very last position, too
            PackedRows packed = Pack(rows, asSparse: false);

            Assert.Equal(density < PackedRowsBuilder.DensityThreshold, packed.IsSparse);
            Assert.Equal(rowCount, packed.RowCount);
            AssertSame(rows, packed);
        }
    }

    [Fact]
    public void Rows_longer_than_a_block_have_a_block_each()
    {
        const int Inputs = 3_000_000;                                          // more than the 2²¹ values of a block
        var builder = new PackedRowsBuilder(Inputs, KernelSelector.Best);
        builder.AddSparse([0, Inputs - 1], [1, 2], 0, 1);
        builder.AddSparse([], [], 1, 1);
        builder.AddSparse([1_500_000], [3], 2, 1);
        PackedRows packed = builder.Build(meanWeight: null);
        var batch = new Batch(Inputs, packed.IsSparse, 3);

        Gather(packed, [2, 1, 0], batch);

        Assert.True(packed.IsSparse);
        Assert.Equal([[], [], [(0, 1f)]], Entries(batch, inputBlock: 0));
        Assert.Equal([[(1_500_000, 3f)], [], [(Inputs - 1, 2f)]], Entries(batch, inputBlock: 1));
        Assert.Equal([2, 1, 0], batch.Labels);
    }

    [Fact]
    public void A_batch_finds_dense_rows_after_a_compacting_collection()
    {
        SampleRows rows = SampleRows.Random(seed: 4, rowCount: 100, inputCount: 30, classCount: 2, density: 0.8);
        PackedRows[] packed = [.. Enumerable.Range(0, 50).Select(_ => Pack(rows, asSparse: false))];      // so that something can move
        PackedRows last = packed[^1];
        Assert.False(last.IsSparse);
        var batch = new Batch(30, last.IsSparse, 100);
        Gather(last, [.. Enumerable.Range(0, 100)], batch);
        Array.Clear(packed);

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);

        float[] actual = new float[30];
        for (int r = 0; r < 100; r++)
        {
            ReadRow(batch, r, actual);
            Check.SameBits(rows.Row(r), actual, $"row {r}");
        }

        GC.KeepAlive(last);
    }

    [Theory]
    [InlineData(40, true)]
    [InlineData(41, false)]
    public void Forty_percent_of_values_that_are_not_zero_is_the_most_for_sparse_rows(int nonZeros, bool sparse)
    {
        var builder = new PackedRowsBuilder(10, KernelSelector.Best);
        for (int r = 0; r < 10; r++)
        {
            // Given as sparse rows with all positions filled, including zeros of both signs: the values count, not the form.
            float[] values = [.. Enumerable.Range(10 * r, 10).Select(i => i < nonZeros ? 1 : i % 2 == 0 ? 0 : -0f)];
            builder.AddSparse([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], values, 0, 1);
        }

        PackedRows packed = builder.Build(meanWeight: null);

        Assert.Equal(sparse, packed.IsSparse);
        Assert.Equal(nonZeros, packed.NonZerosPerInput.Sum());
    }

    [Theory]
    [InlineData(0.2)]
    [InlineData(0.8)]
    public void Sparse_and_dense_input_of_the_same_values_pack_alike(double density)
    {
        SampleRows rows = SampleRows.Random(seed: 3, rowCount: 50, inputCount: 30, classCount: 4, density);

        PackedRows fromDense = Pack(rows, asSparse: false), fromSparse = Pack(rows, asSparse: true);

        Assert.Equal(fromDense.IsSparse, fromSparse.IsSparse);
        Assert.Equal(fromDense.NonZerosPerInput, fromSparse.NonZerosPerInput);
        AssertSame(rows, fromSparse);
    }

    [Fact]
    public void Weights_are_divided_by_their_mean_or_left_out()
    {
        var rows = new SampleRows(1, [1, 1, 1], [0, 0, 0], [1, 2, 3]);

        Assert.Equal([0.5f, 1, 1.5f], Pack(rows, asSparse: false, weighted: true).Weights!);
        Assert.Null(Pack(rows, asSparse: false).Weights);
    }

    private static PackedRows Pack(SampleRows rows, bool asSparse, bool weighted = false)
    {
        var builder = new PackedRowsBuilder(rows.InputCount, KernelSelector.Best);
        for (int r = 0; r < rows.RowCount; r++)
        {
            float[] row = rows.Row(r).ToArray();
            if (asSparse)
            {
                // Every third zero is explicit.
                int[] indices = [.. Enumerable.Range(0, row.Length).Where(i => row[i] != 0 || i % 3 == 0)];
                builder.AddSparse(indices, [.. indices.Select(i => row[i])], rows.Labels[r], rows.Weights?[r] ?? 1);
            }
            else
            {
                builder.AddDense(row, rows.Labels[r], rows.Weights?[r] ?? 1);
            }
        }

        return builder.Build(weighted ? rows.Weights!.Average() : null);
    }

    /// <summary>Gathers all rows, last first, a few at a time, and compares them with the table.</summary>
    private static void AssertSame(SampleRows rows, PackedRows packed)
    {
        if (!packed.IsSparse)
        {
            AssertSame(rows, packed, copies: true);
        }

        AssertSame(rows, packed, copies: false);                                   // the copies were changed, the rows weren't
    }

    private static void AssertSame(SampleRows rows, PackedRows packed, bool copies)
    {
        const int Capacity = 16;
        var batch = new Batch(rows.InputCount, packed.IsSparse, Capacity);
        if (copies)
        {
            batch.CopyRows();
        }

        float[] actual = new float[rows.InputCount];
        foreach (int[] order in Enumerable.Range(0, rows.RowCount).Reverse().Chunk(Capacity))
        {
            Gather(packed, order, batch);
            for (int r = 0; r < order.Length; r++)
            {
                ReadRow(batch, r, actual);
                Check.SameBits(rows.Row(order[r]), actual, $"row {order[r]} of {rows.InputCount} inputs");
                Assert.Equal(rows.Labels[order[r]], batch.Labels[r]);
                Assert.Equal(1, batch.Weights[r]);
                if (copies)
                {
                    batch.CopiedRow(r).Fill(float.NaN);
                }
            }
        }
    }

    private static void ReadRow(Batch batch, int row, float[] values)
    {
        if (!batch.IsSparse)
        {
            for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
            {
                int first = batch.InputBlocks.First(inputBlock), end = batch.InputBlocks.End(inputBlock);
                AddressedMatrix block = batch.DenseRows(inputBlock, first, end, row, row + 1);
                for (int i = first; i < end; i++)
                {
                    values[i] = block[0, i - first];
                }
            }

            return;
        }

        Array.Clear(values);
        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            foreach ((int index, float value) in Entries(batch, inputBlock)[row])
            {
                Assert.InRange(index, batch.InputBlocks.First(inputBlock), batch.InputBlocks.End(inputBlock) - 1);
                values[index] = value;
            }
        }
    }

    private static void Gather(PackedRows packed, int[] order, Batch batch)
    {
        batch.RowCount = order.Length;
        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            // In two ranges, as two workers would; the second argument only prefetches rows of the next batch.
            packed.Gather(order, order, batch, inputBlock, order.Length / 2, order.Length);
            packed.Gather(order, [], batch, inputBlock, 0, order.Length / 2);
        }

        packed.GatherLabels(order, batch, 0, order.Length);
    }

    private static (int Index, float Value)[][] Entries(Batch batch, int inputBlock) =>
        [.. batch.SparseRows(inputBlock).ToArray().Select(row =>
            Enumerable.Range(0, row.Count).Select(n => (row.Index(n), row.Values[n])).ToArray())];
}
