using System.Globalization;
using Microsoft.ML;
using MnistMlNet;
using MnistMlNet.Mnist;

namespace DigitPad.Model;

/// <summary>
/// Decides whether an image looks like a digit: by its amount of ink, and by a network that has learned to tell digits from images that
/// aren't digits. The probabilities of the digits themselves can't: they say which digit is likeliest, also for a scribble.
/// </summary>
internal sealed class DigitShape
{
    /// <summary>Epochs of its training.</summary>
    public const int DefaultEpochs = 8;

    // The ink in full pixels. Of MNIST's 60,000 training digits 0.05 % have less and 0.04 % have more.
    private const float MinInk = 26, MaxInk = 241;

    // One digit in 400 that the network hasn't learned from is refused by its shape.
    private const double Refused = 0.0025;

    private const int Seed = 1;
    private readonly TwoLayerNetworkBinaryModelParameters _network;

    private DigitShape(TwoLayerNetworkBinaryModelParameters network) => _network = network;

    /// <summary>Loads a saved rule.</summary>
    /// <exception cref="InvalidDataException">The file isn't such a rule; the message names it.</exception>
    public static DigitShape Load(string path)
    {
        TwoLayerNetworkBinaryModelParameters network = TwoLayerNetworkBinaryModelParameters.LoadNpz(path);
        return network.InputCount == MnistImage.PixelCount
            ? new DigitShape(network)
            : throw new InvalidDataException(
                $"'{path}' has a network with {network.InputCount} inputs; {MnistImage.PixelCount} are expected. Move it away, and it is "
                    + "trained again.");
    }

    /// <summary>Trains the network, with images that are made from the digits themselves as counter-examples.</summary>
    /// <param name="digits">MNIST's training digits; the last sixth isn't trained with, but gives the limit.</param>
    public static DigitShape Train(MLContext mlContext, IReadOnlyList<DigitImage> digits, int epochs, Action<TrainingEpoch> report,
        CancellationToken cancellationToken)
    {
        DigitImage[] learned = [.. digits.Take(digits.Count - (digits.Count / 6))], held = [.. digits.Skip(learned.Length)];
        NonDigits nonDigits = new(learned, new Random(Seed));
        byte[][] others = [.. learned.Select(_ => nonDigits.Next())];
        IDataView rows = mlContext.Data.LoadFromEnumerable(
            learned.Zip(others, (digit, other) => new[] { ShapeRow.Of(true, digit.Pixels), ShapeRow.Of(false, other) })
                .SelectMany(pair => pair));
        TwoLayerNetworkBinaryModelParameters network = mlContext.BinaryClassification.Trainers.TwoLayerNetwork(
            new TwoLayerNetworkBinaryTrainer.Options
            {
                HiddenUnits = 128,
                NumberOfEpochs = epochs,
                Optimizer = Optimizer.Adam,
                Augmentation = Augmentation.Affine(MnistImage.Side, MnistImage.Side),
                CancellationToken = cancellationToken,
                EpochCallback = report,
            }).Fit(rows).Model;
        float[] probabilities = [.. held.Select(digit => network.Predict(ShapeRow.Of(true, digit.Pixels).Features)).Order()];
        return new DigitShape(Shift(network, probabilities[(int)(Refused * probabilities.Length)]));
    }

    /// <summary>Saves the network, in NumPy's form.</summary>
    public void Save(string path) => _network.SaveNpz(path);

    /// <summary>Returns the reason why an image doesn't look like a digit; null if it does.</summary>
    /// <param name="pixels"><c>[784]</c>, 0 to 255, in MNIST's form.</param>
    public string? ReasonAgainst(ReadOnlySpan<float> pixels)
    {
        Span<float> features = stackalloc float[MnistImage.PixelCount];
        float ink = 0;
        for (int i = 0; i < pixels.Length; i++)
        {
            features[i] = pixels[i] / MnistImage.MaxPixel;
            ink += features[i];
        }

        return ink switch
        {
            0 => "There is no ink.",
            < MinInk => Amount("little"),
            > MaxInk => Amount("much"),
            _ => _network.Predict(features) < 0.5f ? "Its shape is unlike that of MNIST's digits." : null,
        };

        string Amount(string word) => string.Create(CultureInfo.InvariantCulture,
            $"There is too {word} ink: {ink:F0} full pixels of 784, and digits have {MinInk} to {MaxInk}.");
    }

    // The limit becomes part of the network, so that the file has the whole rule: with the logit of the limit subtracted from the bias,
    // the limit has a probability of 0.5.
    private static TwoLayerNetworkBinaryModelParameters Shift(TwoLayerNetworkBinaryModelParameters network, float limit)
    {
        double probability = Math.Clamp(limit, 1e-6, 1 - 1e-6), logit = Math.Log(probability / (1 - probability));
        return TwoLayerNetworkBinaryModelParameters.Create(network.InputCount, network.HiddenUnits, network.HiddenWeights.Span,
            network.HiddenBiases.Span, network.OutputWeights.Span, [network.OutputBiases.Span[0] - (float)logit]);
    }
}
