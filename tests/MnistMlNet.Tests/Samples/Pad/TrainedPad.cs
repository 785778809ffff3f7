using DigitPad;
using DigitPad.Model;
using Microsoft.ML;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>A server with a small network, quickly trained on 1,000 digits, for all tests of a class.</summary>
public sealed class TrainedPad : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mnistmlnet-").FullName;

    internal RunningPad Pad { get; private set; } = null!;

    public HttpClient Client => Pad.Client;

    /// <summary>Saves a chain in DigitPad's own form; the result is the same at each call.</summary>
    public static void SaveModel(string path, Func<MLContext, TwoLayerNetworkTrainer.Options, IEstimator<ITransformer>>? pipeline = null)
    {
        MLContext mlContext = new(1);
        IDataView digits = mlContext.Data.TakeRows(
            mlContext.Data.LoadFromIdx(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
                Repository.MnistFile("t10k-labels-idx1-ubyte.gz")), 1000);
        IEstimator<ITransformer> estimator = (pipeline ?? PadPipeline.Create)(mlContext,
            new TwoLayerNetworkTrainer.Options { HiddenUnits = 12, NumberOfEpochs = 4 });
        mlContext.Model.SaveAtomic(estimator.Fit(digits), digits.Schema, path);
    }

    public async Task InitializeAsync()
    {
        string path = Path.Combine(_folder, "pad.zip");
        SaveModel(path);
        Pad = await RunningPad.Start(new PadSettings(0, path, "nowhere", 12, null, RateLimit: 0));
        await Pad.WaitUntilSettled();
    }

    public async Task DisposeAsync()
    {
        await Pad.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
