using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// Wide sparse rows, where weights of inputs that a batch doesn't use are updated later. The reference is a training on the same rows
/// without the inputs that no row uses: it is narrow, so it updates every weight in every step.
/// </summary>
public sealed class IdleInputsTests
{
    private const int Used = 60;
    private const int Inputs = 2000;
    private const int HiddenUnits = 70;
    private const int Classes = 3;

    public static TheoryData<string> Plans { get; } =
    [
        "Adam", "Adam with decay", "Adam, β1 = 0", "Adam, β1 = 0.5, β2 = 0.9", "Adam, warm-up and cosine", "momentum", "Nesterov",
        "descent", "descent with decay", "RMSProp", "clipping", "slices", "dropout", "L1", "RMSProp with decay",
        "momentum with decay", "single rows",
    ];

    [Theory]
    [MemberData(nameof(Plans))]
    public void Training_gives_the_weights_of_a_network_without_the_unused_inputs(string what)
    {
        ResolvedOptions plan = PlanOf(what);
        NetworkParameters narrow = FlatParameters.Random(seed: 3, Used, HiddenUnits, Classes, Activation.Tanh),
            wide = Widen(narrow, unused: 0.5f);
        SampleRows rows = Rows(what == "slices" ? 700 : 200);

        Train(plan, narrow, rows.Pack(sparse: true));
        PackedRows packed = Widen(rows).Pack(sparse: true);
        Train(plan, wide, packed);

        bool isLate = what is not ("L1" or "RMSProp with decay" or "momentum with decay");
        Assert.Equal(isLate, BatchTrainer.LeavesIdle(plan, packed));
        float[] expected = FlatParameters.Of(narrow), actual = FlatParameters.Of(wide);
        // The two networks add the inputs in two blocks with other boundaries, so they round differently in each of 150 to 600 steps.
        double tolerance = 1e-4 * Math.Max(1, expected.Max(MathF.Abs));
        for (int h = 0; h < HiddenUnits; h++)
        {
            Check.Close(
                [.. Enumerable.Range(0, Used).Select(i => (double)expected[h * Used + i])],
                [.. Enumerable.Range(0, Used).Select(i => actual[h * Inputs + Place(i)])], tolerance, $"{what}, unit {h}");
        }

        Check.Close(
            [.. expected[(HiddenUnits * Used)..].Select(w => (double)w)], actual.AsSpan(HiddenUnits * Inputs), tolerance,
            $"{what}, other parameters");
    }

    [Theory]
    [MemberData(nameof(Plans))]
    [InlineData("input dropout")]
    public void Training_gives_the_weights_of_one_that_updates_all_weights_in_every_step(string what)
    {
        // L1 changes every weight in every step, so no update is left for later; 1e-30 is too small to change anything else.
        ResolvedOptions plan = PlanOf(what), all = plan with { L1Regularization = Math.Max(plan.L1Regularization, 1e-30f) };
        PackedRows rows = Widen(Rows(what == "slices" ? 700 : 200)).Pack(sparse: true);
        Assert.False(BatchTrainer.LeavesIdle(all, rows));
        NetworkParameters expected = Widen(FlatParameters.Random(seed: 3, Used, HiddenUnits, Classes, Activation.Tanh), unused: 0.5f),
            actual = expected.Clone();

        Train(all, expected, rows);
        Train(plan, actual, rows);

        double tolerance = 1e-5 * Math.Max(1, FlatParameters.Of(expected).Max(MathF.Abs));
        Check.Close([.. FlatParameters.Of(expected).Select(w => (double)w)], FlatParameters.Of(actual), tolerance, what);
    }

    [Fact]
    public void A_limit_of_the_norms_updates_all_weights_in_every_step() => Assert.False(
        BatchTrainer.LeavesIdle(PlanOf("Adam") with { MaxNorm = 2 }, Widen(Rows(200)).Pack(sparse: true)));

    [Theory]
    [InlineData("Adam with decay")]
    [InlineData("descent with decay")]
    public void Weights_of_inputs_that_no_row_uses_decay_in_every_step(string what)
    {
        ResolvedOptions plan = PlanOf(what);
        NetworkParameters wide = Widen(FlatParameters.Random(seed: 3, Used, HiddenUnits, Classes, Activation.Tanh), unused: 0.5f);

        Train(plan, wide, Widen(Rows(200)).Pack(sparse: true));

        // The factor of a step is a float near 1: 150 errors of at most 6e-8.
        double expected = 0.5 * Math.Pow(1 - plan.LearningRate * (double)plan.L2Regularization, plan.NumberOfEpochs * 200 / plan.BatchSize);
        Check.Close([expected, expected], [FlatParameters.Of(wide)[Place(0) + 1], FlatParameters.Of(wide)[Inputs - 1]], 1e-5, what);
    }

    [Theory]
    [InlineData("Adam with decay", 64)]
    [InlineData("Adam with decay", 800)]
    [InlineData("Nesterov", 64)]
    [InlineData("clipping", 64)]
    public void Any_number_of_threads_and_validation_rows_give_the_same_bits(string what, int hiddenUnits)
    {
        ResolvedOptions plan = PlanOf(what) with { Shuffle = true, BatchSize = 16 };
        PackedRows rows = Widen(Rows(200)).Pack(sparse: true), held = Widen(Rows(50)).Pack(sparse: true);
        float[] expected = Run(plan, validation: null);

        foreach (int threads in (int[])[1, 2, 3, 8])
        {
            Check.SameBits(expected, Run(plan with { NumberOfThreads = threads }, validation: null), $"{threads} threads");
            Check.SameBits(expected, Run(plan with { NumberOfThreads = threads }, held), $"{threads} threads, validated");
        }

        float[] Run(ResolvedOptions plan, PackedRows? validation)
        {
            NetworkParameters parameters =
                Widen(FlatParameters.Random(seed: 3, Used, hiddenUnits, Classes, Activation.Relu), unused: 0.5f);
            new TrainingLoop(plan, KernelSelector.Best, parameters, rows, validation).Run();
            return parameters.All.ToArray();
        }
    }

    [Theory]
    [InlineData(Optimizer.Adam)]
    [InlineData(Optimizer.GradientDescent)]
    [InlineData(Optimizer.RmsProp)]
    public void An_interrupted_training_resumes_bit_for_bit(Optimizer optimizer)
    {
        using var folder = new TemporaryFolder();
        var context = new MLContext(seed: 1);
        IDataView data = Load(context, Widen(Rows(200)));

        int[] expected = Examples.Bits(Fit(options => options.CheckpointPath = folder.File("whole")).Model);
        Assert.Throws<TimeoutException>(() => Fit(options =>
        {
            options.CheckpointPath = folder.File("part");
            options.EpochCallback = epoch => _ = epoch.Epoch <= 3 ? 0 : throw new TimeoutException();
        }));
        int[] actual = Examples.Bits(Fit(options =>
            (options.CheckpointPath, options.ResumeFromCheckpoint) = (folder.File("part"), true)).Model);

        Assert.Equal(expected, actual);

        TwoLayerNetworkTransformer Fit(Action<TwoLayerNetworkTrainer.Options> change)
        {
            var options = new TwoLayerNetworkTrainer.Options
            {
                Optimizer = optimizer,
                NumberOfEpochs = 7,
                BatchSize = 8,
                CheckpointInterval = 1,
                StandardizeFeatures = false,
                Seed = 1,
                Momentum = optimizer == Optimizer.GradientDescent ? 0.9f : 0,
            };
            change(options);
            return context.MulticlassClassification.Trainers.TwoLayerNetwork(options).Fit(data);
        }
    }

    [Fact]
    public void Streamed_rows_give_the_same_bits_as_cached_ones()
    {
        var context = new MLContext(seed: 1);
        IDataView data = Load(context, Widen(Rows(200)));

        int[] Fit(bool cache) => Examples.Bits(context.MulticlassClassification.Trainers.TwoLayerNetwork(
            new TwoLayerNetworkTrainer.Options
            {
                Optimizer = Optimizer.Adam,
                NumberOfEpochs = 3,
                BatchSize = 8,
                CacheRows = cache,
                Seed = 1,
            }).Fit(data).Model);

        Assert.Equal(Fit(cache: true), Fit(cache: false));
    }

    private static ResolvedOptions PlanOf(string what)
    {
        ResolvedOptions adam = ResolvedOptionsFactory.Adam with { BatchSize = 4, NumberOfEpochs = 3 };
        // With larger steps and momentum the training would amplify the rounding errors that the comparisons allow.
        ResolvedOptions descent = ResolvedOptionsFactory.GradientDescent with { BatchSize = 4, NumberOfEpochs = 3, LearningRate = 0.01f };
        return what switch
        {
            "Adam" => adam,
            "Adam with decay" => adam with { L2Regularization = 0.05f },
            "Adam, β1 = 0" => adam with { Beta1 = 0 },
            "Adam, β1 = 0.5, β2 = 0.9" => adam with { Beta1 = 0.5f, Beta2 = 0.9f },
            "Adam, warm-up and cosine" => adam with
            {
                WarmUpEpochs = 1,
                LearningRateSchedule = LearningRateSchedule.Cosine,
                L2Regularization = 0.05f,
            },
            "momentum" => descent with { Momentum = 0.9f },
            "Nesterov" => descent with { Momentum = 0.9f, Nesterov = true },
            "descent" => descent,
            "descent with decay" => descent with { L2Regularization = 0.01f },
            "RMSProp" => adam with { Optimizer = Optimizer.RmsProp },
            "clipping" => adam with { GradientClipNorm = 0.1f, L2Regularization = 0.05f },
            "slices" => adam with { BatchSize = 300 },
            "dropout" => adam with { HiddenDropout = 0.3f },
            "input dropout" => adam with { InputDropout = 0.2f, HiddenDropout = 0.3f },
            "L1" => adam with { L1Regularization = 0.01f },
            "RMSProp with decay" => adam with { Optimizer = Optimizer.RmsProp, L2Regularization = 0.01f },
            "momentum with decay" => descent with { Momentum = 0.9f, L2Regularization = 0.01f },
            // 200 steps an epoch: some inputs are idle for longer than a mean gradient matters.
            "single rows" => adam with { BatchSize = 1, L2Regularization = 0.05f },
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
        };
    }

    /// <summary>Two values a row, none in one of them; those of the last input in two rows only.</summary>
    private static SampleRows Rows(int count)
    {
        var random = new Random(5);
        float[] features = new float[count * Used];
        for (int r = 0; r < count; r++)
        {
            features[r * Used + random.Next(Used - 1)] = 0.5f + random.NextSingle();
            features[r * Used + random.Next(Used - 1)] = 0.5f + random.NextSingle();
        }

        features.AsSpan(7 * Used, Used).Clear();
        features[Used - 1] = features[(count - 1) * Used - 1] = 1;
        return new SampleRows(Used, features, [.. Enumerable.Range(0, count).Select(_ => random.Next(Classes))], null);
    }

    /// <summary>The place of a used input among all, in order, in both input blocks.</summary>
    private static int Place(int input) => 7 + 33 * input;

    private static SampleRows Widen(SampleRows rows)
    {
        float[] features = new float[rows.RowCount * Inputs];
        for (int r = 0; r < rows.RowCount; r++)
        {
            for (int i = 0; i < Used; i++)
            {
                features[r * Inputs + Place(i)] = rows.Row(r)[i];
            }
        }

        return new SampleRows(Inputs, features, rows.Labels, null);
    }

    private static NetworkParameters Widen(NetworkParameters narrow, float unused)
    {
        int units = narrow.Shape.HiddenUnits;
        float[] all = FlatParameters.Of(narrow), hidden = new float[units * Inputs];
        hidden.AsSpan().Fill(unused);
        for (int h = 0; h < units; h++)
        {
            for (int i = 0; i < Used; i++)
            {
                hidden[h * Inputs + Place(i)] = all[h * Used + i];
            }
        }

        Span<float> rest = all.AsSpan(units * Used);
        var wide = new NetworkParameters(new NetworkShape(Inputs, units, Classes, narrow.Shape.Activation));
        wide.FromRowMajor(hidden, rest[..units], rest.Slice(units, Classes * units), rest[(units + Classes * units)..]);
        return wide;
    }

    private static void Train(ResolvedOptions plan, NetworkParameters parameters, PackedRows rows) =>
        new TrainingLoop(plan, KernelSelector.Best, parameters, rows, null).Run();

    private static IDataView Load(MLContext context, SampleRows rows)
    {
        var schema = SchemaDefinition.Create(typeof(WideRow));
        schema[nameof(WideRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), Classes);
        schema[nameof(WideRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Inputs);
        return context.Data.LoadFromEnumerable(
            Enumerable.Range(0, rows.RowCount).Select(r => new WideRow
            {
                Label = (uint)rows.Labels[r] + 1,
                Features = new VBuffer<float>(
                    Inputs, rows.Row(r).ToArray().Count(x => x != 0), [.. rows.Row(r).ToArray().Where(x => x != 0)],
                    [.. Enumerable.Range(0, Inputs).Where(i => rows.Row(r)[i] != 0)]),
            }).ToArray(),
            schema);
    }

    private sealed class WideRow
    {
        public uint Label { get; set; }

        public VBuffer<float> Features { get; set; }
    }
}
