using MnistMlNet.Network;

namespace MnistMlNet.Optimizers;

/// <summary>Makes each piece of gradient an update at once; the piece is still near the core then.</summary>
internal sealed class GradientApplier(NetworkParameters parameters, ParameterOptimizer optimizer) : IGradientSink
{
    public Span<float> Begin(int offset, int length, Span<float> scratch)
    {
        Span<float> gradient = scratch[..length];
        gradient.Clear();
        return gradient;
    }

    public void End(int offset, Span<float> gradient, bool areWeights) =>
        optimizer.Update(offset, parameters.All.Slice(offset, gradient.Length), gradient, areWeights);
}
