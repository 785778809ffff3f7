namespace MnistMlNet;

/// <summary>The activation function of the hidden units, <c>a = f(z)</c>.</summary>
public enum Activation
{
    /// <summary>Rectified linear unit: <c>max(0, z)</c>. The default.</summary>
    Relu,

    /// <summary>Hyperbolic tangent: <c>tanh z</c>, within -1..1.</summary>
    Tanh,

    /// <summary>Logistic function: <c>1 / (1 + e⁻ᶻ)</c>, within 0..1.</summary>
    Sigmoid,

    /// <summary>The identity, <c>z</c>: the network is then a linear classifier of rank at most <c>HiddenUnits</c>.</summary>
    Identity,

    /// <summary>
    /// Leaky rectified linear unit: <c>z</c> where z is above 0, else <c>0.01 z</c> (Maas, Hannun, Ng 2013). Its gradient is never 0, so
    /// no unit stops learning.
    /// </summary>
    LeakyRelu,

    /// <summary>
    /// Gaussian error linear unit: <c>z · Φ(z)</c> with <c>Φ(z) = ½ (1 + erf(z / √2))</c>, the cumulative distribution function of the
    /// standard normal distribution (Hendrycks and Gimpel 2016, arXiv:1606.08415).
    /// </summary>
    Gelu,

    /// <summary>
    /// The tanh approximation of GELU, <c>½ z (1 + tanh(√(2/π) (z + 0.044715 z³)))</c> (the same paper): within 5e-4 of <see cref="Gelu"/>.
    /// </summary>
    GeluTanh,

    /// <summary>
    /// Sigmoid linear unit, also named swish: <c>z / (1 + e⁻ᶻ)</c> (the same paper; Ramachandran, Zoph and Le 2017, arXiv:1710.05941).
    /// </summary>
    Silu,
}
