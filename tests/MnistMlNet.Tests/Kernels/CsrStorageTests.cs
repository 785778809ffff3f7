using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

public class CsrStorageTests
{
    [Theory]
    [InlineData(65_536, true)]
    [InlineData(65_537, false)]
    public void Indices_take_two_bytes_as_long_as_that_distinguishes_all_inputs(int inputCount, bool isShort)
    {
        var entries = new CsrStorage([0, 7, inputCount - 1], [1, 2, 3], inputCount);
        var row = new SparseRow(entries, 0, 3);

        Assert.Equal(isShort, entries.HasShortIndices);
        Assert.Equal((isShort ? 3 : 0, isShort ? 0 : 3), (entries.ShortIndices.Length, entries.Indices.Length));
        Assert.Equal([0, 7, inputCount - 1], Wide(row));
        Assert.Equal([1f, 2f, 3f], row.Values.ToArray());
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void A_row_appended_many_times_over_is_copied_each_time_and_stays_as_it_is(int inputCount)
    {
        var source = new SparseRow(new CsrStorage([9, 1, 5, 99], [9, 1, 5, 99], inputCount), 1, 4);
        var copies = new CsrStorage(inputCount);
        var rows = new List<SparseRow>();
        for (int n = 0; n < 50; n++)
        {
            SparseRow copy = copies.Append(source);
            copy.Values[0] = n;
            rows.Add(copy);
        }

        Assert.Equal(150, copies.Count);
        Assert.InRange(copies.Values.Length, 150, 300);                            // grows to twice its length at most
        Assert.Equal([1f, 5f, 99f], source.Values.ToArray());
        for (int n = 0; n < rows.Count; n++)
        {
            Assert.Equal([n, 5f, 99f], rows[n].Values.ToArray());
            Assert.Equal([1, 5, 99], Wide(rows[n]));
        }

        copies.Clear();
        Assert.Equal((0, 0), (copies.Count, copies.Append(source).Start));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(100_000)]
    public void A_range_of_inputs_is_found_wherever_it_begins_and_ends(int inputCount)
    {
        int[] indices = [2, 3, 5, 8, 13];
        SparseRow row = SampleEntries.Rows([0, 5], indices, [2, 3, 5, 8, 13], inputCount)[0];
        for (int first = 0; first <= 15; first++)
        {
            for (int end = first; end <= 15; end++)
            {
                Assert.Equal(indices.Where(i => i >= first && i < end), Wide(row.Between(first, end)));
            }
        }

        Assert.Equal(5, row.Between(0, inputCount).Count);
        Assert.Equal(5, row.Between(0, 1 << 16).Count);                            // beyond what 2 bytes hold
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(32)]
    [InlineData(70)]
    public void A_row_of_any_length_gives_its_inputs_as_numbers_of_four_bytes(int count)
    {
        int[] indices = [.. Enumerable.Range(0, count).Select(i => 937 * i)];     // up to 64,653, above the largest short

        Assert.Equal(indices, Wide(new SparseRow(new CsrStorage(indices, new float[count], 65_536), 0, count)));
        Assert.Equal(indices, Wide(new SparseRow(new CsrStorage(indices, new float[count], 65_537), 0, count)));
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(65_537)]
    public void The_largest_input_of_two_bytes_is_in_a_range_that_begins_there_and_not_in_one_that_ends_there(int inputCount)
    {
        var row = new SparseRow(new CsrStorage([3, 65_535], [1, 2], inputCount), 0, 2);

        Assert.Equal([3], Wide(row.Between(0, 65_535)));
        Assert.Equal([65_535], Wide(row.Between(65_535, 65_536)));
    }

    private static int[] Wide(SparseRow row)
    {
        int[] indices = new int[row.Count];
        row.CopyIndices(indices);
        Assert.Equal(indices, Enumerable.Range(0, row.Count).Select(row.Index));
        return indices;
    }
}
