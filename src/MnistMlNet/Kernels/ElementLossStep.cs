namespace MnistMlNet.Kernels;

/// <summary>The losses of outputs that are independent of each other, of one output z with the target y.</summary>
internal enum ElementLossKind
{
    /// <summary><c>ln(1 + exp z) - y z</c>: cross-entropy of <c>p = 1 / (1 + exp(-z))</c>, in nats; y is 0, 1 or between.</summary>
    LogLoss,

    /// <summary><c>(z - y)²</c>.</summary>
    Squared,

    /// <summary><c>|z - y|</c>.</summary>
    Absolute,

    /// <summary><c>½ (z - y)²</c> where <c>|z - y| ≤ δ</c>, else <c>δ (|z - y| - ½ δ)</c>; the parameter is δ (Huber 1964).</summary>
    Huber,

    /// <summary><c>exp z - y z</c>: the negative log-likelihood of a count y ≥ 0 with the mean exp z, without <c>ln y!</c>.</summary>
    Poisson,

    /// <summary><c>max(q (y - z), (q - 1) (y - z))</c>; the parameter is the quantile q (Koenker and Bassett 1978).</summary>
    Quantile,
}

/// <summary>What one call of <see cref="IKernels.ElementLoss"/> computes.</summary>
/// <param name="Kind">The loss of one output.</param>
/// <param name="Parameter">δ or q, where the loss has one.</param>
/// <param name="OutputCount">K: the loss of a row is the mean over its K outputs.</param>
/// <param name="Scale">The factor of each row's gradient, besides its weight and 1 / K.</param>
internal readonly record struct ElementLossStep(ElementLossKind Kind, float Parameter, int OutputCount, float Scale);
