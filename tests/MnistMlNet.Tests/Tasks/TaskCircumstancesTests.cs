using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Tasks;

/// <summary>What every trainer has: several windows of streamed rows, augmentation, dropout, cancellation, divergence, saliency.</summary>
public sealed class TaskCircumstancesTests
{
    private const int WideInputs = 1 << 15;

    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TaskRow[] _rows = TaskRows.Make(120);

    public static TheoryData<string> Tasks => TaskTraining.All;

    private IDataView Data => TaskRows.View(_mlContext, _rows);

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Several_windows_train_to_the_bytes_of_rows_in_memory(string task)
    {
        // 2²³ values a window are 256 rows of 2¹⁵ features; 300 rows make two windows. Targets are scaled by the statistics of all rows.
        TaskRow[] rows = TaskRows.Make(300);
        IDataView data = _mlContext.Data.LoadFromEnumerable(rows.Select((row, i) => new WideRow
        {
            Answer = row.Answer,
            Number = row.Number + i,
            Count = row.Count + i,
            Numbers = [row.Numbers[0], row.Numbers[1] - i, row.Numbers[2]],
            Answers = row.Answers,
            Features = new VBuffer<float>(WideInputs, 3, row.Features[..3], [1, 5, 30_000]),
        }));
        void Plain(TwoLayerNetworkOptions options) =>
            (options.Shuffle, options.BatchSize, options.NumberOfEpochs, options.StandardizeFeatures) = (false, 64, 2, false);

        TaskModel cached = Fit(task, data, Plain), streamed = Fit(task, data, options =>
        {
            Plain(options);
            options.CacheRows = false;
        });

        Assert.Equal(cached.Bits, streamed.Bits);
        Assert.Equal(cached.History.Epochs[^1].TrainRSquared, streamed.History.Epochs[^1].TrainRSquared);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Augmentation_dropout_and_the_limits_of_norms_have_an_effect_and_train(string task)
    {
        TaskModel plain = Fit(task, Data, Long), changed = Fit(task, Data, options =>
        {
            Long(options);
            (options.Augmentation, options.HiddenDropout, options.MaxNorm, options.GradientClipNorm, options.L1Regularization) =
                (new FeatureNoise(0.1f), 0.1f, 3, 1, 1e-4f);
        });

        Assert.NotEqual(plain.Bits, changed.Bits);
        Assert.True(changed.History.Epochs[^1].TrainLoss < changed.History.Epochs[0].TrainLoss);

        static void Long(TwoLayerNetworkOptions options) => (options.NumberOfEpochs, options.Optimizer) = (15, Optimizer.Adam);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_canceled_training_keeps_the_best_epoch(string task)
    {
        using var source = new CancellationTokenSource();

        TaskModel model = Fit(task, Data, options =>
        {
            (options.KeepBestOnCancel, options.CancellationToken, options.NumberOfEpochs) = (true, source.Token, 100);
            options.EpochCallback = epoch =>
            {
                if (epoch.Epoch == 4)
                {
                    source.Cancel();
                }
            };
        });

        Assert.Equal((StopReason.Canceled, 4), (model.History.StopReason, model.History.Epochs.Count));
        Assert.Equal(model.History.Epochs.MinBy(epoch => epoch.TrainLoss)!.Epoch, model.History.BestEpoch);
    }

    [Theory]
    [InlineData(TaskTraining.Number)]
    [InlineData(TaskTraining.Counts)]
    public void A_diverging_training_fails_and_says_so(string task)
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Fit(task, Data, options =>
            (options.Optimizer, options.LearningRate, options.NumberOfEpochs, options.Activation) =
            (Optimizer.GradientDescent, 1e6f, 20, Activation.Relu)));

        Assert.StartsWith("Training diverged: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Optimizer.Adam, true, true, " Lower Options.LearningRate.")]
    [InlineData(Optimizer.Adam, false, true, " Lower Options.LearningRate, or leave Options.StandardizeFeatures true.")]
    [InlineData(Optimizer.Adam, true, false, " Lower Options.LearningRate, or leave Options.StandardizeTargets true.")]
    [InlineData(Optimizer.Lbfgs, true, false, " Set Options.Optimizer to Adam, or leave Options.StandardizeTargets true.")]
    [InlineData(
        Optimizer.Lbfgs, false, false,
        " Set Options.Optimizer to Adam, or leave Options.StandardizeFeatures true, or leave Options.StandardizeTargets true.")]
    public void A_diverging_training_names_only_options_that_the_user_can_change(
        Optimizer optimizer, bool features, bool targets, string remedy)
    {
        IDataView large = TaskRows.View(_mlContext, _rows.Select(row => row.With(copy => copy.Number *= 1e30f)));

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => Fit(TaskTraining.Number, large, options =>
        {
            (options.Optimizer, options.StandardizeFeatures) = (optimizer, features);
            ((TwoLayerNetworkRegressionTrainer.Options)options).StandardizeTargets = targets;
            options.LearningRate = optimizer == Optimizer.Adam ? 1e30f : null;
        }));

        Assert.EndsWith(remedy, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Saliency_is_the_central_difference_of_the_output(string task)
    {
        const float Step = 1e-2f;
        TaskModel model = Fit(task, Data, options => (options.Activation, options.NumberOfEpochs) = (Activation.Tanh, 20));
        float[] x = [0.2f, -0.3f, 0.1f, 0.5f], gradient = new float[x.Length];
        for (int output = 0; output < model.Model.OutputCount; output++)
        {
            Saliency(model.Model, x, output, gradient);
            double scale = gradient.Max(Math.Abs);
            for (int i = 0; i < x.Length; i++)
            {
                float[] above = [.. x], below = [.. x];
                (above[i], below[i]) = (x[i] + Step, x[i] - Step);
                double difference = (Output(model.Model, above, output) - Output(model.Model, below, output)) / (2 * Step);
                Check.Close(difference, gradient[i], 5e-3 * scale, $"{task}: output {output}, feature {i}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_rows_held_back_by_a_fraction_are_not_trained_on(string task)
    {
        TaskModel model = Fit(task, Data, options => options.ValidationFraction = 0.25f);

        Assert.InRange(model.History.RowsTrained, 89, 91);
        Assert.All(model.History.Epochs, epoch => Assert.True(epoch.ValidationLoss > -100));
        Assert.Equal(
            task is TaskTraining.Binary or TaskTraining.Labels, model.History.Epochs[^1].ValidationRootMeanSquaredError is null);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Chosen_regularization_and_optimizer_are_in_the_history(string task)
    {
        TaskModel model = Fit(task, Data, options => options.NumberOfEpochs = null);

        Dictionary<string, string> options = model.History.Options.ToDictionary();
        Assert.Equal("Lbfgs", options["Optimizer"]);
        Assert.NotEqual("0", options["L2Regularization"]);
        Assert.NotNull(model.History.RegularizationSearch);
        Assert.Equal(
            task is TaskTraining.Number or TaskTraining.Numbers or TaskTraining.Counts, options.ContainsKey("StandardizeTargets"));
    }

    private static void Saliency(TwoLayerNetworkModelParametersBase model, float[] x, int output, float[] gradient)
    {
        switch (model)
        {
            case TwoLayerNetworkBinaryModelParameters binary:
                binary.ComputeSaliency(x, gradient);
                break;
            case TwoLayerNetworkRegressionModelParameters regression:
                regression.ComputeSaliency(x, output, gradient);
                break;
            case TwoLayerNetworkMultilabelModelParameters labels:
                labels.ComputeSaliency(x, output, gradient);
                break;
        }
    }

    /// <summary>The output before the link function.</summary>
    private static double Output(TwoLayerNetworkModelParametersBase model, float[] x, int output)
    {
        float[] scores = new float[model.OutputCount];
        switch (model)
        {
            case TwoLayerNetworkBinaryModelParameters binary:
                scores[0] = binary.Predict(x);
                break;
            case TwoLayerNetworkRegressionModelParameters regression:
                regression.Predict(x, scores);
                return regression.IsExponential ? Math.Log(scores[output]) : scores[output];
            case TwoLayerNetworkMultilabelModelParameters labels:
                labels.Predict(x, scores);
                break;
        }

        return Math.Log(scores[output] / (1.0 - scores[output]));
    }

    private TaskModel Fit(string task, IDataView data, Action<TwoLayerNetworkOptions> change) =>
        TaskTraining.Fit(_mlContext, TaskTraining.Options(task, change), data);

    private sealed class WideRow
    {
        [VectorType(WideInputs)]
        public VBuffer<float> Features { get; set; }

        public bool Answer { get; set; }

        public float Number { get; set; }

        public float Count { get; set; }

        [VectorType(TaskRows.LabelCount)]
        public float[] Numbers { get; set; } = [];

        [VectorType(TaskRows.LabelCount)]
        public float[] Answers { get; set; } = [];
    }
}
