using Microsoft.ML;
using MnistMlNet.Network;
using MnistMlNet.Tests.Serialization.Model;
using Options = MnistMlNet.TwoLayerNetworkTrainer.Options;

namespace MnistMlNet.Tests.Training;

/// <summary>The activations whose pre-activations are kept, in complete trainings.</summary>
public sealed class GatedActivationTests : IDisposable
{
    private readonly MLContext _mlContext = new(seed: 1);
    private readonly TemporaryFolder _folder = new();
    private readonly IDataView _data;

    public GatedActivationTests() => _data = Examples.Keyed(_mlContext, Examples.Rows(90));

    public static TheoryData<Activation> Activations => [Activation.Gelu, Activation.GeluTanh, Activation.Silu];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Activations))]
    public void Fit_AnyNumberOfThreads_GivesTheSameBytesAndLearns(Activation activation)
    {
        void Change(Options options)
        {
            options.Activation = activation;
            options.HiddenUnits = PanelLayout.PanelWidth + 6;
            (options.HiddenDropout, options.InputDropout, options.NumberOfEpochs) = (0.3f, 0.1f, 40);
        }

        TwoLayerNetworkTransformer one = Fit(Change);

        Assert.True(one.History.Epochs[^1].TrainLoss < 0.6 * one.History.Epochs[0].TrainLoss, $"{one.History.Epochs[^1]}");
        foreach (int threads in (int[])[2, 3])
        {
            Assert.Equal(Examples.Bits(one.Model), Examples.Bits(Fit(options =>
            {
                Change(options);
                options.NumberOfThreads = threads;
            }).Model));
        }
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Fit_Lbfgs_EndsBelowTheLossOfAGuess(Activation activation)
    {
        // Uniform guessing among three classes costs ln 3 = 1.0986; the classes overlap a little.
        TwoLayerNetworkTransformer model = Fit(options =>
            (options.Activation, options.Optimizer, options.NumberOfEpochs) = (activation, Optimizer.Lbfgs, 50));

        Assert.InRange(model.History.Epochs[^1].TrainLoss, 0, 0.4);
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Fit_ResumedFromACheckpoint_GivesTheBytesOfAnUninterruptedRun(Activation activation)
    {
        string path = _folder.File("run.checkpoint");
        void Change(Options options) => (options.Activation, options.HiddenDropout, options.NumberOfEpochs) = (activation, 0.2f, 6);
        TwoLayerNetworkTransformer expected = Fit(Change);
        Assert.Throws<TimeoutException>(() => Fit(options =>
        {
            Change(options);
            options.CheckpointPath = path;
            options.EpochCallback = epoch => _ = epoch.Epoch <= 2 ? 0 : throw new TimeoutException();
        }));

        TwoLayerNetworkTransformer resumed = Fit(options =>
        {
            Change(options);
            (options.CheckpointPath, options.ResumeFromCheckpoint) = (path, true);
        });

        Assert.Equal(Examples.Bits(expected.Model), Examples.Bits(resumed.Model));
    }

    [Theory]
    [MemberData(nameof(Activations))]
    public void Model_SavedAsZipOrNpz_GivesTheSameScores(Activation activation)
    {
        TwoLayerNetworkTransformer saved = Fit(options => options.Activation = activation);
        string npz = _folder.File("model.npz");
        saved.Model.SaveNpz(npz);

        var loaded = (TwoLayerNetworkTransformer)SavedZip.Load(
            new MLContext(seed: 2), SavedZip.Save(new MLContext(seed: 3), saved, _data.Schema));
        TwoLayerNetworkModelParameters read = TwoLayerNetworkModelParameters.LoadNpz(npz, activation);

        Assert.Equal((activation, activation), (loaded.Model.Activation, read.Activation));
        float[] expected = new float[Examples.ClassCount], actual = new float[Examples.ClassCount];
        foreach (Example row in Examples.Rows(9, seed: 4))
        {
            saved.Model.Predict(row.Features, expected);
            loaded.Model.Predict(row.Features, actual);
            Assert.Equal(expected, actual);
            read.Predict(row.Features, actual);
            Assert.Equal(expected, actual);
        }
    }

    private TwoLayerNetworkTransformer Fit(Action<Options> change) => Examples.Trainer(_mlContext, change).Fit(_data);
}
