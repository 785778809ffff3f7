using Microsoft.ML;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>Resuming from a checkpoint whose training had ended, or whose rows or seed are different.</summary>
public sealed class ResumedEndTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly Example[] _rows = Examples.Rows(60);

    private string Path => _folder.File("run.checkpoint");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_training_that_diverged_gives_the_same_result_when_resumed(int interval)
    {
        // One step per epoch. The first makes weights of 1e14, the second makes weights of 1e28 from gradients of 1e14, and then logits
        // overflow.
        void Diverging(Options options)
        {
            (options.Optimizer, options.LearningRate, options.BatchSize) = (Optimizer.GradientDescent, 1e15f, 0);
            (options.Activation, options.NumberOfEpochs) = (Activation.Identity, 9);
            (options.RestoreBestEpoch, options.CheckpointInterval) = (true, interval);
        }

        TwoLayerNetworkTransformer diverged = Fit(Diverging);
        Assert.Equal(StopReason.Diverged, diverged.History.StopReason);
        Assert.InRange(diverged.History.Epochs.Count, interval, 8);

        for (int time = 0; time < 2; time++)
        {
            AssertSame(diverged, Fit(Diverging));
        }
    }

    // Nothing is left to do: the gradient is 0 within its tolerance, however many iterations are allowed.
    [Fact]
    public void A_converged_LBFGS_training_stays_as_it_is_where_more_epochs_are_allowed()
    {
        static void Lbfgs(Options options, int epochs) =>
            (options.Optimizer, options.HiddenUnits, options.L2Regularization, options.NumberOfEpochs) = (Optimizer.Lbfgs, 4, 0.1f, epochs);
        TwoLayerNetworkTransformer converged = Fit(options => Lbfgs(options, 400));
        Assert.Equal(StopReason.Converged, converged.History.StopReason);
        byte[] checkpoint = File.ReadAllBytes(Path);

        AssertSame(converged, Fit(options => Lbfgs(options, 800)));

        Assert.Equal(checkpoint, File.ReadAllBytes(Path));
    }

    [Fact]
    public void An_LBFGS_training_that_reached_its_limit_continues_if_more_epochs_are_allowed()
    {
        static void Lbfgs(Options options, int epochs) =>
            (options.Optimizer, options.HiddenUnits, options.NumberOfEpochs) = (Optimizer.Lbfgs, 4, epochs);
        TwoLayerNetworkTransformer whole = Fit(options =>
        {
            Lbfgs(options, 12);
            (options.CheckpointPath, options.ResumeFromCheckpoint) = (null, false);
        });

        Fit(options => Lbfgs(options, 5));

        AssertSame(whole, Fit(options => Lbfgs(options, 12)));
    }

    // Rows 0 and 3 are both of class a: only the features distinguish them.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rows_in_another_order_are_refused(bool areCached)
    {
        void Change(Options options) => options.CacheRows = areCached;
        Fit(Change);
        byte[] before = File.ReadAllBytes(Path);
        Assert.Equal(_rows[0].Label, _rows[3].Label);
        (_rows[0], _rows[3]) = (_rows[3], _rows[0]);

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(Change));

        Assert.StartsWith(
            $"The checkpoint '{Path}' belongs to another training: SHA-256 of the rows' features was ", e.Message,
            StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_resumed_training_without_a_seed_is_refused_with_the_seed_to_set_and_continues_with_it()
    {
        TwoLayerNetworkTransformer first = Fit(options => options.Seed = null);
        string seed = first.History.Options.Single(option => option.Key == nameof(Options.Seed)).Value;

        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => Fit(options => options.Seed = null));

        Assert.Equal(
            $"The checkpoint '{Path}' belongs to another training: its seed was {seed}, and this one drew another, because none is set. "
                + $"Set Options.Seed to {seed}, or delete the file.",
            e.Message);
        AssertSame(first, Fit(options => options.Seed = int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture)));
    }

    private TwoLayerNetworkTransformer Fit(Action<Options> change) => Examples.Trainer(_mlContext, options =>
    {
        (options.CheckpointPath, options.ResumeFromCheckpoint) = (Path, true);
        change(options);
    }).Fit(Examples.Keyed(_mlContext, _rows));

    private static void AssertSame(TwoLayerNetworkTransformer expected, TwoLayerNetworkTransformer actual)
    {
        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(actual.Model));
        Assert.Equal(Measured(expected), Measured(actual));
        Assert.Equal((expected.History.BestEpoch, expected.History.StopReason), (actual.History.BestEpoch, actual.History.StopReason));

        // The time and the limit of epochs may be others.
        static IEnumerable<TrainingEpoch> Measured(TwoLayerNetworkTransformer model) =>
            model.History.Epochs.Select(epoch => epoch with { Elapsed = TimeSpan.Zero, TotalEpochs = null });
    }
}
