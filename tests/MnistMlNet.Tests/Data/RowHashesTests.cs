using Microsoft.ML.Data;
using MnistMlNet.Data;

namespace MnistMlNet.Tests.Data;

public sealed class RowHashesTests
{
    // One entry at index 0 with the value 5, and three numbers with the same bits.
    [Fact]
    public void A_dense_row_with_the_bits_of_a_sparse_one_is_another_row()
    {
        VBuffer<float> sparse = new(3, 1, [5f], [0]), dense = new(3, [BitConverter.Int32BitsToSingle(1), 0, 5]);

        Assert.NotEqual(Hash(sparse), Hash(dense));
    }

    // 1, 2 | 3 and 1 | 2, 3, each with its count.
    [Fact]
    public void Entries_that_move_from_one_row_to_the_next_make_other_rows() => Assert.NotEqual(
        Hash(new VBuffer<float>(3, 2, [1, 2], [0, 1]), new VBuffer<float>(3, 1, [3], [2])),
        Hash(new VBuffer<float>(3, 1, [1], [0]), new VBuffer<float>(3, 2, [2, 3], [1, 2])));

    [Fact]
    public void The_same_rows_have_the_same_hash() =>
        Assert.Equal(Hash(new VBuffer<float>(3, [1, 2, 3])), Hash(new VBuffer<float>(3, [1, 2, 3])));

    private static string Hash(params VBuffer<float>[] rows)
    {
        using var builder = new RowHashes.Builder();
        Array.ForEach(rows, row => builder.Add(0, [], 1, row));
        return builder.Build().Features;
    }
}
