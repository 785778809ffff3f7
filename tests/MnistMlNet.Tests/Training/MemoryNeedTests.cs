using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>The memory that training needs is computed before it is allocated, and the error names it if it is too much.</summary>
public sealed class MemoryNeedTests
{
    private readonly MLContext _mlContext = new(seed: 1);

    [Fact]
    public void Fit_refuses_a_batch_that_no_array_can_hold_with_its_size_and_the_options_to_lower()
    {
        // 256 rows of 8,400,000 are 2,150,400,000 numbers.
        IDataView rows = Examples.Keyed(_mlContext, Examples.Rows(300));

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(
            () => Examples.Trainer(_mlContext, options => (options.HiddenUnits, options.BatchSize) = (8_400_000, 256)).Fit(rows));

        Assert.StartsWith(
            "The hidden units of a batch of 256 rows take 2150400000 numbers; at most 2147000000 fit one array.", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("4 features, 8400000 hidden units and 3 classes", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("Lower Options.HiddenUnits or Options.BatchSize.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_parameters_than_fit_one_array_are_refused_before_a_row_is_read()
    {
        var rows = new CountingDataView(Keyed(_mlContext.Data.LoadFromEnumerable(Array.Empty<Example>(), Wide(100_000))));

        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(
            () => Examples.Trainer(_mlContext, options => options.HiddenUnits = 100_000).Fit(rows));

        Assert.Empty(rows.Asked);
        Assert.Contains("at most 1073741824 fit one array", error.Message, StringComparison.Ordinal);
        Assert.Contains("100000 inputs, 100000 hidden units", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_features_than_a_network_can_have_are_refused_by_the_name_of_their_column()
    {
        IDataView rows = Keyed(_mlContext.Data.LoadFromEnumerable(Array.Empty<Example>(), Wide(int.MaxValue)));

        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => Examples.Trainer(_mlContext).Fit(rows));

        Assert.StartsWith(
            "Feature column 'Features' has 2147483647 features; 1 to 16777216 are expected.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Optimizer.GradientDescent, 1)]
    [InlineData(Optimizer.Adam, 3)]                                                // parameters and two moments
    [InlineData(Optimizer.RmsProp, 3)]
    public void The_network_takes_its_parameters_and_what_the_optimizer_remembers(Optimizer optimizer, int blocks)
    {
        // Padded to 16: (32 + 1) · 1024 + (1024 + 1) · 16.
        const long Parameters = 33 * 1024 + 1025 * 16;
        ResolvedOptions plan = ResolvedOptionsFactory.Adam with { Optimizer = optimizer, BatchSize = 100 };
        MemoryNeed Need(ResolvedOptions changed) => new(new NetworkShape(32, 1024, 10, Activation.Relu), changed, copiesDense: true);

        Assert.Equal(4 * blocks * Parameters, Need(plan).NetworkBytes);
        Assert.Equal(4 * (blocks + 1) * Parameters, Need(plan with { RestoreBestEpoch = true }).NetworkBytes);
        Assert.Equal(4 * (blocks + 1) * Parameters, Need(plan with { BatchSize = 257 }).NetworkBytes);
    }

    [Theory]
    [InlineData(Optimizer.Adam, false)]
    [InlineData(Optimizer.Adam, true)]
    [InlineData(Optimizer.GradientDescent, false)]
    [InlineData(Optimizer.Lbfgs, false)]
    public void Training_allocates_the_memory_that_was_computed_in_advance(Optimizer optimizer, bool restoreBestEpoch)
    {
        const int HiddenUnits = 100_000, RowCount = 64;
        ResolvedOptions plan = ResolvedOptionsFactory.Adam with
        {
            Optimizer = optimizer,
            NumberOfEpochs = 3,                                                    // L-BFGS then has a pair, and a second one in the making
            BatchSize = RowCount,
            RestoreBestEpoch = restoreBestEpoch,
            LbfgsHistorySize = 1,
        };
        PackedRows rows = SampleRows.Random(seed: 1, RowCount, inputCount: 8, classCount: 3, weighted: false).Pack(sparse: false);
        NetworkParameters parameters = FlatParameters.Random(seed: 1, 8, HiddenUnits, 3, Activation.Relu);
        var need = new MemoryNeed(parameters.Shape, plan, copiesDense: false);
        long before = GC.GetAllocatedBytesForCurrentThread();

        new TrainingLoop(plan, KernelSelector.Best, parameters, rows, null).Run();

        // The parameters exist already; the rest is counts, orders and space for 400 inputs.
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before + 4L * parameters.Length;
        Assert.InRange(allocated, 0.9 * (need.NetworkBytes + need.BatchBytes), 1.1 * (need.NetworkBytes + need.BatchBytes) + 1_000_000);
    }

    [Fact]
    public void Running_out_of_memory_is_reported_with_sizes_and_the_larger_part_first()
    {
        OutOfMemoryException cause = Assert.Throws<OutOfMemoryException>(() => TooLong());
        var shape = new NetworkShape(1_000_000, 64, 10, Activation.Relu);

        InsufficientMemoryException network = new MemoryNeed(shape, ResolvedOptionsFactory.Adam, copiesDense: false).Exceeded(cause);
        InsufficientMemoryException batch = new MemoryNeed(
            new NetworkShape(1, 1_000_000, 2, Activation.Relu), ResolvedOptionsFactory.Adam with { BatchSize = 64 }, copiesDense: false)
                .Exceeded(cause);

        // 64,000,064 + 65 · 16 parameters of 12 bytes are 732.4 MiB.
        Assert.Same(cause, network.InnerException);
        Assert.Contains("takes 733 MiB with Optimizer.Adam", network.Message, StringComparison.Ordinal);
        Assert.EndsWith("Lower Options.HiddenUnits.", network.Message, StringComparison.Ordinal);
        Assert.EndsWith("Lower Options.HiddenUnits or Options.BatchSize.", batch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_runs_out_while_rows_are_read_or_trained_on_is_explained()
    {
        IDataView rows = Examples.Keyed(_mlContext, Examples.Rows(30));

        InsufficientMemoryException reading = Assert.Throws<InsufficientMemoryException>(
            () => Examples.Trainer(_mlContext).Fit(
                _mlContext.Data.FilterByCustomPredicate(rows, (FeaturesOnly row) => TooLong().Length == 0)));
        InsufficientMemoryException training = Assert.Throws<InsufficientMemoryException>(
            () => Examples.Trainer(_mlContext, options => options.Augmentation = new Greedy()).Fit(rows));

        Assert.StartsWith(
            "There isn't enough memory for the rows of column 'Features': it ran out after 0 rows of 4 features.", reading.Message,
            StringComparison.Ordinal);
        Assert.StartsWith(
            "There isn't enough memory to train. A network of 4 features, 6 hidden units and 3 classes takes 1 MiB", training.Message,
            StringComparison.Ordinal);
        Assert.IsType<OutOfMemoryException>(training.InnerException);
    }

    [Fact]
    public void A_network_too_wide_for_a_whole_block_of_rows_predicts_the_same_bits_row_by_row()
    {
        // 64 rows of 300,000 units are more than a block of sums may hold.
        const int Rows = 64, HiddenUnits = 300_000;
        var model = new TwoLayerNetworkModelParameters(FlatParameters.Random(seed: 1, 2, HiddenUnits, 3, Activation.Relu), default);
        float[] features = [.. Enumerable.Range(0, 2 * Rows).Select(i => i / 100f)], all = new float[3 * Rows], one = new float[3];
        model.PredictBatch(features, all);

        for (int r = 0; r < Rows; r++)
        {
            model.Predict(features.AsSpan(2 * r, 2), one);
            Check.SameBits(one, all.AsSpan(3 * r, 3).ToArray(), $"row {r}");
        }
    }

    private static SchemaDefinition Wide(int features)
    {
        var schema = SchemaDefinition.Create(typeof(Example));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return schema;
    }

    private IDataView Keyed(IDataView rows) =>
        _mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(Examples.View(_mlContext, Examples.Rows(3))).Transform(rows);

    /// <summary>More bytes than any array can have: an <see cref="OutOfMemoryException"/>, whatever the machine's memory.</summary>
    private static byte[] TooLong() => new byte[int.MaxValue];

    private sealed class Greedy : IAugmentation
    {
        public void Apply(ReadOnlySpan<float> source, Span<float> destination, Span<float> scratch, AugmentationRandom random) =>
            TooLong();
    }

    private sealed class FeaturesOnly
    {
        public float[] Features { get; set; } = [];
    }
}
