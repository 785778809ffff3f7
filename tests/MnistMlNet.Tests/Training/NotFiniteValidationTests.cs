using Microsoft.ML;
using MnistMlNet.Data;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>A validation loss that isn't finite is ignored, but the result of training is kept.</summary>
public sealed class NotFiniteValidationTests
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly IDataView _training;
    private readonly IDataView _validation;

    // Three features of the largest float overflow in the hidden units: infinity minus infinity in the logits.
    public NotFiniteValidationTests()
    {
        Example[] rows = Examples.Rows(60);
        _training = Examples.Keyed(_mlContext, rows);
        _validation = Examples.Keyed(
            _mlContext, [.. rows.Take(10), rows[0].With(features: [float.MaxValue, float.MaxValue, float.MaxValue, 0])]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_validation_row_that_overflows_gives_a_warning_and_all_epochs_are_trained(bool restore)
    {
        var messages = new LogMessages(_mlContext);
        static void Twelve(Options options) => options.NumberOfEpochs = 12;

        TwoLayerNetworkTransformer model = Fit(options =>
        {
            Twelve(options);
            (options.EarlyStoppingPatience, options.RestoreBestEpoch) = (3, restore);
        });

        Assert.All(model.History.Epochs, epoch => Assert.False(double.IsFinite(epoch.ValidationLoss!.Value)));
        Assert.Equal((12, 0, StopReason.EpochLimit), (model.History.Epochs.Count, model.History.BestEpoch, model.History.StopReason));
        Assert.Equal(Examples.Bits(Examples.Trainer(_mlContext, Twelve).Fit(_training).Model), Examples.Bits(model.Model));
        Assert.Equal(
            "The validation loss is NaN in epoch 1. No epoch without a finite loss is the best or counts for early stopping. Look for "
                + "extreme feature values among the validation rows.",
            Assert.Single(messages.Warnings));
    }

    [Fact]
    public void The_warning_comes_in_the_epoch_in_which_it_happens_first()
    {
        var messages = new LogMessages(_mlContext);
        var warnings = new List<int>();

        Fit(options => options.EpochCallback = _ => warnings.Add(messages.Warnings.Count));

        Assert.Equal([1, 1, 1, 1, 1], warnings);
        Assert.Single(messages.Warnings);
    }

    // Canceled in the second of two batches of the third epoch, where the parameters aren't those of a completed epoch.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_canceled_training_returns_its_last_epoch_also_if_it_was_resumed(bool isResumed)
    {
        using var folder = new TemporaryFolder();
        using var source = new CancellationTokenSource();
        void Resumable(Options options)
        {
            (options.CheckpointPath, options.ResumeFromCheckpoint) = (folder.File("checkpoint"), true);
            (options.KeepBestOnCancel, options.LearningRateSchedule) = (true, LearningRateSchedule.Constant);
            (options.Augmentation, options.BatchSize) = (new CancelingNoise(source), 30);
        }

        TwoLayerNetworkTransformer expected = Fit(options =>
        {
            Resumable(options);
            (options.CheckpointPath, options.ResumeFromCheckpoint, options.NumberOfEpochs) = (null, false, 2);
        });
        if (isResumed)
        {
            Fit(options =>
            {
                Resumable(options);
                options.NumberOfEpochs = 2;
            });
        }

        var messages = new LogMessages(_mlContext);
        CancelingNoise.RowsLeft = isResumed ? 10 : 130;
        TwoLayerNetworkTransformer model = Fit(Resumable, source.Token);

        Assert.Equal((2, 0, StopReason.Canceled), (model.History.Epochs.Count, model.History.BestEpoch, model.History.StopReason));
        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(model.Model));
        Assert.Equal(
            "Training was canceled in epoch 3. The parameters are those of epoch 2, the last that ended; no epoch had a finite validation "
                + "loss.",
            messages.Warnings[^1]);
    }

    // One step per epoch. The first makes weights of 1e14, the second makes weights of 1e28 from gradients of 1e14, and then logits
    // overflow.
    [Fact]
    public void A_training_that_diverges_returns_its_last_epoch_if_set_so()
    {
        static void Diverging(Options options)
        {
            (options.Optimizer, options.LearningRate, options.BatchSize) = (Optimizer.GradientDescent, 1e15f, 0);
            (options.Activation, options.NumberOfEpochs) = (Activation.Identity, 9);
            options.RestoreBestEpoch = true;
        }

        var messages = new LogMessages(_mlContext);
        TwoLayerNetworkTransformer model = Fit(Diverging);
        int epochs = model.History.Epochs.Count;
        TwoLayerNetworkTransformer expected = Fit(options =>
        {
            Diverging(options);
            options.NumberOfEpochs = epochs;
        });

        Assert.InRange(epochs, 1, 8);
        Assert.Equal((0, StopReason.Diverged), (model.History.BestEpoch, model.History.StopReason));
        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(model.Model));
        Assert.Contains(messages.Warnings, text => text.EndsWith(
            $"The parameters are those of epoch {epochs}, the last that ended; no epoch had a finite validation loss.",
            StringComparison.Ordinal));
    }

    // One row has nearly all of the weight: divided by the mean, the weights of the others are below the smallest float.
    [Theory]
    [InlineData("training")]
    [InlineData("held-back")]
    public void A_part_of_the_rows_whose_weights_round_to_zero_is_refused(string part)
    {
        Example[] rows = Examples.Rows(60);
        var split = ValidationSplit.Stratified([.. rows.Select(row => row.Label[0] - 'a')], Examples.ClassCount, 0.2f, seed: 1);
        int[] places = part == "training" ? split.Training : split.Validation;
        int heavy = (part == "training" ? split.Validation : split.Training)[0];
        IDataView data = Examples.Keyed(_mlContext, rows.Select((row, i) => row.With(weight: i == heavy ? float.MaxValue : 1e-30f)));

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Examples.Trainer(_mlContext, options =>
            (options.ExampleWeightColumnName, options.ValidationFraction, options.Seed) = ("Weight", 0.2f, 1)).Fit(data));

        Assert.StartsWith(
            $"The weights of all {places.Length} {part} rows round to 0 relative to the mean weight of all rows", e.Message,
            StringComparison.Ordinal);
    }

    private TwoLayerNetworkTransformer Fit(Action<Options> change, CancellationToken token = default) =>
        Examples.Trainer(_mlContext, change).Fit(_training, _validation, cancellationToken: token);

    /// <summary>Changes no row; cancels training when it sees a certain row.</summary>
    private sealed class CancelingNoise(CancellationTokenSource source) : IAugmentation
    {
        [ThreadStatic]
        public static int RowsLeft;

        public void Apply(ReadOnlySpan<float> original, Span<float> destination, Span<float> scratch, AugmentationRandom random)
        {
            if (--RowsLeft == 0)
            {
                source.Cancel();
            }
        }

        public override string ToString() => "nothing";
    }
}
