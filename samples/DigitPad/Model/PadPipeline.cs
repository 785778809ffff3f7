using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MnistMlNet;

namespace DigitPad.Model;

/// <summary>Trains, saves and loads the model of DigitPad: an ordinary ML.NET chain from pixels 0 to 255 to a digit.</summary>
internal static class PadPipeline
{
    private const int ProbeCount = 8;
    private const double MostDifference = 1e-3;

    public static IEstimator<ITransformer> Create(MLContext mlContext, TwoLayerNetworkTrainer.Options options) =>
        mlContext.Transforms.Conversion.MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.Transforms.Expression("Features", "x : x / 255", "Features"))
            .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));

    /// <summary>Loads a saved chain and returns its network.</summary>
    /// <exception cref="InvalidDataException">The file isn't such a chain; the message names the file, what was found and what was
    /// expected.</exception>
    public static PadModel Load(MLContext mlContext, string path)
    {
        ITransformer chain;
        try
        {
            chain = mlContext.Model.Load(path, out _);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // In a damaged file, ML.NET's parts throw many exception types; the meaning is always the same.
            throw new InvalidDataException($"'{path}' is not a whole model saved by ML.NET: {e.GetBaseException().Message}", e);
        }

        try
        {
            return Network(mlContext, chain);
        }
        catch (Exception e) when (e is InvalidDataException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"'{path}' is a model, but not one of DigitPad's: {e.Message} Move it away, or name another "
                + $"file with --model.", e);
        }
    }

    /// <summary>Returns the network of a chain, after a check that the network on its own gives the same results as the chain.</summary>
    /// <exception cref="InvalidDataException">There is no network in the chain, or the steps before it do something other than dividing the
    /// pixels by 255.</exception>
    public static PadModel Network(MLContext mlContext, ITransformer chain)
    {
        TwoLayerNetworkTransformer? network = (chain as IEnumerable<ITransformer>)?.OfType<TwoLayerNetworkTransformer>().SingleOrDefault();
        PadModel model = new(network?.Model
            ?? throw new InvalidDataException($"it is {chain.GetType().Name} without a two-layer network."));

        // Predictions need only the network, not a data view for each request. A test score through the chain checks whether the steps
        // before the network are the expected ones.
        ProbeRow[] probes = ProbeRow.Create(ProbeCount);
        using IEnumerator<float[]> scores = chain.Transform(mlContext.Data.LoadFromEnumerable(probes)).GetColumn<float[]>("Score")
            .GetEnumerator();
        foreach (ProbeRow probe in probes)
        {
            scores.MoveNext();
            float[] alone = model.Predict(probe.Features);
            double difference = alone.Zip(scores.Current, (a, b) => Math.Abs(a - b)).Max();
            if (!(difference <= MostDifference))
            {
                throw new InvalidDataException($"its steps before the network give other probabilities than pixels divided by 255 do (by "
                    + $"{difference:G2}).");
            }
        }

        return model;
    }
}
