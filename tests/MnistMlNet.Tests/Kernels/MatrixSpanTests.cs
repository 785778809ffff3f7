using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

public class MatrixSpanTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Clear_RowsWithAndWithoutGaps_ClearsTheMatrixOnly(int stride)
    {
        float[] data = [.. Enumerable.Repeat(7f, 2 * stride + 4)];

        new MatrixSpan(data, 2, 3, stride).Clear();

        Assert.Equal(Enumerable.Range(0, data.Length).Select(i => IsElement(i, stride) ? 0f : 7), data);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Add_RowsWithAndWithoutGaps_AddsTheElementsOnly(int stride)
    {
        float[] left = [.. Enumerable.Range(0, 2 * stride + 4).Select(i => (float)i)], right = [.. left.Select(x => 100 * x)];
        float[] sum = [.. Enumerable.Repeat(7f, left.Length)];

        MatrixSpan.Add(new MatrixSpan(left, 2, 3, stride), new MatrixSpan(right, 2, 3, stride), new MatrixSpan(sum, 2, 3, stride));

        Assert.Equal(Enumerable.Range(0, left.Length).Select(i => IsElement(i, stride) ? 101f * i : 7), sum);
    }

    private static bool IsElement(int i, int stride) => i / stride < 2 && i % stride < 3;
}
