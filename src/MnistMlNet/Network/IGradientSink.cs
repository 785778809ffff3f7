namespace MnistMlNet.Network;

/// <summary>Where the backward pass puts the gradient of a range of parameters, piece by piece.</summary>
/// <remarks>
/// Either each piece becomes an update at once, so that no gradient array exists at all, or the pieces are summed over several batches.
/// Pieces of one pass never overlap; they may come from several threads.
/// </remarks>
internal interface IGradientSink
{
    /// <summary>Gets where to add the gradient of parameters <paramref name="offset"/> … + <paramref name="length"/> - 1.</summary>
    /// <param name="scratch">At least <paramref name="length"/> long, to be used where the sink has no memory of its own.</param>
    Span<float> Begin(int offset, int length, Span<float> scratch);

    /// <summary>Says that the gradient of the range is complete.</summary>
    /// <param name="offset">The first parameter of the range in <see cref="NetworkParameters.All"/>.</param>
    /// <param name="gradient">What <see cref="Begin"/> gave for it.</param>
    /// <param name="areWeights">Whether these are weights, which are subject to decay, or biases, which aren't.</param>
    void End(int offset, Span<float> gradient, bool areWeights);
}
