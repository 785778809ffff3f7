using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>
/// The code that makes a <see cref="VBuffer{T}"/> is responsible for its indices, and ML.NET only checks them in debug builds. Invalid
/// indices must not reach kernels, which have no bounds checks.
/// </summary>
public sealed class MalformedSparseRowsTests
{
    private const int GoodRows = 20;

    private readonly MLContext _mlContext = new(seed: 1);

    public static TheoryData<int[], string> NotAscending => new()
    {
        { [1, 1], "index 1 comes after 1" },
        { [2, 1], "index 1 comes after 2" },
    };

    public static TheoryData<int[], string> OutOfRange => new()
    {
        { [1, 4], "index 4" },
        { [-1, 2], "index -1" },
        { [0, int.MaxValue], "index 2147483647" },
        { [int.MinValue, 0], "index -2147483648" },
    };

    [Theory]
    [MemberData(nameof(NotAscending))]
    [MemberData(nameof(OutOfRange))]
    public void Training_refuses_a_sparse_row_whose_indices_do_not_ascend_within_the_features_by_its_place(int[] indices, string found)
    {
        foreach (bool cacheRows in (bool[])[true, false])
        {
            InvalidOperationException error = Assert.Throws<InvalidOperationException>(
                () => Examples.Trainer(_mlContext, options => options.CacheRows = cacheRows).Fit(View(indices)));

            Assert.Contains($"Row {GoodRows} of column 'Features'", error.Message, StringComparison.Ordinal);
            Assert.Contains(found, error.Message, StringComparison.Ordinal);
            Assert.Contains("from 0 to 3", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(NotAscending))]
    [MemberData(nameof(OutOfRange))]
    public void Scoring_refuses_a_sparse_row_whose_indices_do_not_ascend_within_the_features_by_its_place(int[] indices, string found)
    {
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext).Fit(View([0, 3]));

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Examples.Scores(model.Transform(View(indices))));

        Assert.Contains($"Row {GoodRows} ", error.Message, StringComparison.Ordinal);
        Assert.Contains(found, error.Message, StringComparison.Ordinal);
        Assert.Contains("0 to 3", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Valid sparse rows, followed by one row with these indices.</summary>
    private IDataView View(int[] last) => _mlContext.Data.LoadFromEnumerable((Row[])
    [
        .. Enumerable.Range(0, GoodRows).Select(i =>
            new Row { Label = (uint)(i % 3), Features = new VBuffer<float>(4, 2, [1, 0.5f], [i % 3, 3]) }),
        new Row { Label = 1, Features = new VBuffer<float>(4, 2, [0.5f, 0.5f], last) },
    ]);

    private sealed class Row
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(4)]
        public VBuffer<float> Features { get; set; }
    }
}
