using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Serialization.Model;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>
/// Small trained models, one for each way in which a payload can store labels; made with the public API, so that they contain everything
/// that the format can store.
/// </summary>
internal sealed class FuzzModels
{
    public FuzzModels(MLContext mlContext)
    {
        Transformers =
        [
            Train(mlContext, Activation.Relu, 32, "null", "eins", "zwölf"),
            Train(mlContext, Activation.Tanh, 3, false, true),
            Train(mlContext, Activation.Sigmoid, 5, -1, 7, int.MaxValue),
            Train(mlContext, Activation.Identity, 1, -1.5, 0.1),
            Train(mlContext, Activation.Relu, 17, DateTime.UnixEpoch, DateTime.MaxValue),
            Train(mlContext, Activation.Relu, 2, DateTimeOffset.UnixEpoch,
                new DateTimeOffset(2020, 2, 29, 12, 0, 0, TimeSpan.FromHours(-5.5))),
            Train(mlContext, Activation.Relu, 2, TimeSpan.Zero, TimeSpan.MaxValue),
            Train(mlContext, Activation.Tanh, 4, ulong.MaxValue, 0ul),
        ];
    }

    public IReadOnlyList<TwoLayerNetworkTransformer> Transformers { get; }

    public static byte[] Payload(TwoLayerNetworkTransformer transformer)
    {
        using var stream = new MemoryStream();
        transformer.WritePayload(stream);
        return stream.ToArray();
    }

    /// <summary>Predicts one row: the minimum that a model from a file must be able to do.</summary>
    public static void Use(TwoLayerNetworkModelParameters model)
    {
        float[] probabilities = new float[model.ClassCount];
        model.Predict(new float[model.InputCount], probabilities);

        // Finite weights may still overflow during the computation; then all are NaN. A number outside 0..1 is never allowed.
        if (!Array.TrueForAll(probabilities, float.IsNaN) && !Array.TrueForAll(probabilities, p => p is >= 0 and <= 1.000001f))
        {
            throw new InvalidOperationException($"The probabilities are {string.Join(", ", probabilities)}.");
        }

        if (model.ClassNames.Length != model.ClassCount || model.ClassNames.Contains(null!))
        {
            throw new InvalidOperationException($"{model.ClassCount} classes have the names {string.Join(", ", model.ClassNames)}.");
        }
    }

    /// <summary>A model must predict, and writing and reading it again must give the same model.</summary>
    public static void UseAndKeep(MLContext mlContext, TwoLayerNetworkTransformer transformer)
    {
        Use(transformer.Model);
        byte[] written = Payload(transformer);
        using var stream = new MemoryStream(written, writable: false);
        if (!written.AsSpan().SequenceEqual(Payload((TwoLayerNetworkTransformer)ModelFormat.ReadTransformer(mlContext, stream))))
        {
            throw new InvalidOperationException("Written and read once more, the model is another.");
        }
    }

    private static TwoLayerNetworkTransformer Train<T>(MLContext mlContext, Activation activation, int hiddenUnits, params T[] labels)
    {
        IDataView view = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 6 * labels.Length).Select(i => new Row<T>
        {
            Label = labels[i % labels.Length],
            Features = [i % labels.Length, 1 - i % 5 * 0.1f, i % 2],
        }));
        IDataView keyed = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(view).Transform(view);
        return WithoutClock(mlContext, mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
        {
            HiddenUnits = hiddenUnits,
            Activation = activation,
            NumberOfEpochs = 3,
            Seed = 1,
            NumberOfThreads = 1,
        }).Fit(keyed));
    }

    /// <summary>The same model with epochs that took no time: with measured times, every run would have different payloads.</summary>
    private static TwoLayerNetworkTransformer WithoutClock(MLContext mlContext, TwoLayerNetworkTransformer transformer)
    {
        byte[] content = Payload(transformer)[..^SHA256.HashSizeInBytes];
        foreach (TrainingEpoch epoch in transformer.History.Epochs)
        {
            int at = content.AsSpan().LastIndexOf(BitConverter.GetBytes(epoch.Elapsed.Ticks));
            content.AsSpan(at, sizeof(long)).Clear();
        }

        using var stream = new MemoryStream([.. content, .. SHA256.HashData(content)]);
        return (TwoLayerNetworkTransformer)ModelFormat.ReadTransformer(mlContext, stream);
    }

    private sealed class Row<T>
    {
        public T? Label { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
