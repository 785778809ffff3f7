namespace MnistMlNet;

/// <summary>What <see cref="TwoLayerNetworkRegressionTrainer"/> minimizes: the mean over rows and outputs of one of these.</summary>
/// <remarks>
/// y is the target and z the network's output. Except for <see cref="Poisson"/>, both are in units of the standard deviation of the
/// training targets while training; scores are in the label's own unit.
/// </remarks>
public enum RegressionLoss
{
    /// <summary><c>(z - y)²</c>: scores estimate the mean.</summary>
    Squared,

    /// <summary><c>|z - y|</c>: scores estimate the median. Outliers count as little as any row.</summary>
    Absolute,

    /// <summary>
    /// <c>½ (z - y)²</c> where <c>|z - y| ≤ δ</c>, else <c>δ (|z - y| - ½ δ)</c>: like the squared loss for small errors, and like the
    /// absolute loss for outliers (Huber 1964). δ is <see cref="TwoLayerNetworkRegressionTrainer.Options.HuberDelta"/>.
    /// </summary>
    Huber,

    /// <summary>
    /// <c>exp z - y z</c>, for counts and other targets that are 0 or above: scores are <c>exp z</c>, the mean of a Poisson distribution.
    /// </summary>
    Poisson,

    /// <summary>
    /// <c>max(q (y - z), (q - 1) (y - z))</c>, the pinball loss: scores estimate the quantile q (Koenker and Bassett 1978). q is
    /// <see cref="TwoLayerNetworkRegressionTrainer.Options.Quantile"/>. Two models, for instance of 0.05 and 0.95, give an interval.
    /// </summary>
    Quantile,
}
