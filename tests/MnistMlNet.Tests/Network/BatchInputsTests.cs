using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Tests.Network;

public class BatchInputsTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void Each_batch_has_its_own_inputs_in_ascending_order_with_their_numbers(int inputCount)
    {
        // With 1,000 inputs indices have two bytes, with a million four. The middle is the first multiple of 16 at or above the half.
        int middle = (inputCount / 2 + 15) / 16 * 16;
        var inputs = new BatchInputs(inputCount, outputCount: 20);
        foreach (int[][] rows in (int[][][])[[[5, middle - 1, middle], [5, 7]], [[], [7, inputCount - 1]], [[middle]]])
        {
            inputs.Clear();
            SparseRow[] sparse = [.. rows.Select(row => Row(row, inputCount))];
            Array.ForEach(sparse, inputs.Add);
            inputs.Sort();

            int[] expected = [.. rows.SelectMany(row => row).Distinct().Order()];
            Assert.Equal(expected, inputs.Inputs.ToArray());
            int first = expected.Count(i => i < middle);
            Assert.Equal((0, first), inputs.RangeOf(0));
            Assert.Equal((first, expected.Length), inputs.RangeOf(1));
            Assert.Equal((expected.Length, 20), (inputs.Layout.InputCount, inputs.Layout.OutputCount));
            var copies = new CsrStorage(int.MaxValue);
            for (int r = 0; r < rows.Length; r++)
            {
                SparseRow copy = inputs.Copy(sparse[r], copies);
                Assert.Equal(rows[r].Select(i => Array.IndexOf(expected, i)), copy.Indices<int>().ToArray());
                Assert.Equal(sparse[r].Values.ToArray(), copy.Values.ToArray());
            }
        }
    }

    [Fact]
    public void A_batch_may_have_more_inputs_than_any_before()
    {
        int[] many = [.. Enumerable.Range(0, 5000).Select(i => 3 * i)];
        var inputs = new BatchInputs(20_000, outputCount: 4);

        inputs.Add(Row([1, 2], 20_000));
        inputs.Add(Row(many, 20_000));
        inputs.Sort();

        Assert.Equal(many.Append(1).Append(2).Distinct().Order(), inputs.Inputs.ToArray());
    }

    private static SparseRow Row(int[] indices, int inputCount) =>
        new(new CsrStorage(indices, [.. indices.Select(i => 0.5f * i)], inputCount), 0, indices.Length);
}
