namespace MnistMlNet;

/// <summary>A class and its probability for one row.</summary>
/// <param name="ClassName">The class, as in <see cref="TwoLayerNetworkModelParameters.ClassNames"/>.</param>
/// <param name="Probability">Within 0..1; NaN where a feature of the row isn't finite.</param>
public readonly record struct ClassProbability(string ClassName, float Probability);
