using MnistMlNet;
using MnistMlNet.Mnist;

namespace DigitPad.Model;

/// <summary>
/// The network as the web server uses it: pixels of 0 to 255 in, probabilities of the ten digits out. Any number of threads may use it
/// concurrently.
/// </summary>
internal sealed class PadModel
{
    public const int DigitCount = 10;

    private readonly TwoLayerNetworkModelParameters _network;

    /// <exception cref="InvalidDataException">It isn't a network for digits of 784 pixels.</exception>
    public PadModel(TwoLayerNetworkModelParameters network)
    {
        if (network.InputCount != MnistImage.PixelCount)
        {
            throw new InvalidDataException($"the network has {network.InputCount} inputs; {MnistImage.PixelCount} are expected.");
        }

        if (!network.ClassNames.SequenceEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]))
        {
            throw new InvalidDataException($"the network's classes are {string.Join(", ", network.ClassNames.Take(20))}; 0 to 9 in this "
                + $"order are expected.");
        }

        _network = network;
        Effects = [.. Enumerable.Range(0, network.HiddenUnits).Select(Effect)];
    }

    public int HiddenUnits => _network.HiddenUnits;

    /// <summary>W1, row-major <c>[HiddenUnits, 784]</c>.</summary>
    public ReadOnlySpan<float> HiddenWeights => _network.HiddenWeights.Span;

    /// <summary>
    /// The effect of each hidden unit on each digit, <c>[HiddenUnits][10]</c>: its weight to that output less the mean of its weights to
    /// all outputs, since softmax doesn't change if the same number is added to all of them.
    /// </summary>
    public float[][] Effects { get; }

    /// <param name="pixels"><c>[784]</c>, 0 to 255.</param>
    /// <returns><c>[10]</c>.</returns>
    public float[] Predict(ReadOnlySpan<float> pixels)
    {
        Span<float> features = stackalloc float[MnistImage.PixelCount];
        Scale(pixels, features);
        float[] probabilities = new float[DigitCount];
        _network.Predict(features, probabilities);
        return probabilities;
    }

    /// <param name="pixels"><c>[784]</c>, 0 to 255.</param>
    /// <returns><c>[HiddenUnits]</c>.</returns>
    public float[] HiddenActivations(ReadOnlySpan<float> pixels)
    {
        Span<float> features = stackalloc float[MnistImage.PixelCount];
        Scale(pixels, features);
        float[] activations = new float[_network.HiddenUnits];
        _network.ComputeHiddenActivations(features, activations);
        return activations;
    }

    private float[] Effect(int unit)
    {
        float[] weights = [.. Enumerable.Range(0, DigitCount).Select(digit => _network.OutputWeights.Span[(digit * HiddenUnits) + unit])];
        float mean = weights.Average();
        return [.. weights.Select(weight => weight - mean)];
    }

    // All pixels have the same scale, as in the pipeline. If each pixel were scaled by its largest value in the training set, pixels that
    // hardly ever have ink there would become very large, and strokes near an edge would outweigh the rest.
    private static void Scale(ReadOnlySpan<float> pixels, Span<float> features)
    {
        for (int i = 0; i < pixels.Length; i++)
        {
            features[i] = pixels[i] / MnistImage.MaxPixel;
        }
    }
}
