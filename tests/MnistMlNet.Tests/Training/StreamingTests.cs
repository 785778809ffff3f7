using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Data;

namespace MnistMlNet.Tests.Training;

/// <summary>CacheRows = false: the same training with rows that are read again in every epoch.</summary>
public sealed class StreamingTests
{
    private const int WideInputs = 1 << 15;

    private readonly MLContext _mlContext = new(seed: 1);

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(100, false)]
    public void Rows_in_order_train_to_the_same_bits_as_rows_in_memory(float factor, bool weighted)
    {
        Example[] rows = Examples.Rows(300);
        Array.ForEach(rows, row => row.Features = [.. row.Features.Select(x => x * factor)]);      // × 100: beyond FeatureScale's bound
        rows[7].Features = [float.NaN, 0, 0, 0];
        IDataView data = Examples.Keyed(_mlContext, rows);

        int[] cached = Bits(data, options => options.ExampleWeightColumnName = weighted ? "Weight" : null);
        int[] streamed = Bits(data, options =>
        {
            options.ExampleWeightColumnName = weighted ? "Weight" : null;
            options.CacheRows = false;
        });

        Assert.Equal(cached, streamed);
    }

    [Fact]
    public void Several_windows_train_to_the_same_bits_as_one_set_in_memory()
    {
        // 2²³ values a window are 256 rows of 2¹⁵ features; 700 rows make three windows, the last one smaller.
        Assert.Equal(256, StreamedRows.WindowRows(WideInputs));
        IDataView data = _mlContext.Data.LoadFromEnumerable(WideRows(700));

        Assert.Equal(Bits(data), Bits(data, options => options.CacheRows = false));
    }

    [Fact]
    public void The_data_view_is_read_once_to_count_and_once_for_each_epoch()
    {
        var data = new CountingDataView(Examples.Keyed(_mlContext, Examples.Rows(50)));

        Examples.Trainer(_mlContext, options => options.CacheRows = false).Fit(data);

        Assert.Equal(50 * (1 + 5), data.Fetches("Features"));
    }

    [Fact]
    public void Shuffled_windows_learn_and_the_same_seed_gives_the_same_bits()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(WideRows(700));
        void Stream(TwoLayerNetworkTrainer.Options options)
        {
            options.CacheRows = false;
            options.Shuffle = true;
            options.NumberOfEpochs = 10;
        }

        Assert.Equal(Bits(data, Stream), Bits(data, Stream));
        Assert.NotEqual(Bits(data, Stream), Bits(data, options =>
        {
            Stream(options);
            options.Seed = 2;
        }));
        TwoLayerNetworkTransformer model = Examples.Trainer(_mlContext, Stream).Fit(data);
        // each class has different inputs
        Assert.True(_mlContext.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy > 0.99);
        Assert.Equal((700, 0), (model.History.RowsTrained, model.History.RowsSkipped));
    }

    [Fact]
    public void An_exception_of_the_callback_ends_training_between_two_windows()
    {
        IDataView data = _mlContext.Data.LoadFromEnumerable(WideRows(700));
        var trainer = Examples.Trainer(_mlContext, options =>
        {
            options.CacheRows = false;
            options.EpochCallback = epoch => throw new InvalidOperationException($"epoch {epoch.Epoch}");
        });

        Assert.Equal("epoch 1", Assert.Throws<InvalidOperationException>(() => trainer.Fit(data)).Message);
    }

    [Fact]
    public void No_valid_row_is_an_error_here_too()
    {
        Example[] rows = Examples.Rows(3);
        Array.ForEach(rows, row => row.Features = [float.NaN, 0, 0, 0]);
        var trainer = Examples.Trainer(_mlContext, options => options.CacheRows = false);

        Assert.Contains(
            "No valid training instances found",
            Assert.Throws<InvalidOperationException>(() => trainer.Fit(Examples.Keyed(_mlContext, rows))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void All_rows_in_one_step_need_the_rows_in_memory()
    {
        ArgumentException refused = Assert.ThrowsAny<ArgumentException>(() => Examples.Trainer(_mlContext, options =>
        {
            options.CacheRows = false;
            options.BatchSize = 0;
        }));

        Assert.StartsWith("BatchSize is 0; it must be 1 or more, or null, where CacheRows is false.", refused.Message,
            StringComparison.Ordinal);
    }

    private int[] Bits(IDataView data, Action<TwoLayerNetworkTrainer.Options>? change = null) =>
        Examples.Bits(Examples.Trainer(_mlContext, options =>
    {
        options.Shuffle = false;
        options.BatchSize = 64;
        change?.Invoke(options);
    }).Fit(data).Model);

    /// <summary>Rows of few non-zero values; their positions determine the class.</summary>
    private static IEnumerable<WideRow> WideRows(int count)
    {
        var random = new Random(1);
        for (int i = 0; i < count; i++)
        {
            int[] indices = [.. Enumerable.Range(0, 5).Select(_ => 3 * random.Next(50) + i % 3).Distinct().Order()];
            yield return new WideRow
            {
                Label = (uint)(i % 3),
                Features = new VBuffer<float>(WideInputs, indices.Length, [.. indices.Select(_ => 0.5f + random.NextSingle())], indices),
            };
        }
    }

    private sealed class WideRow
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(WideInputs)]
        public VBuffer<float> Features { get; set; }
    }
}
