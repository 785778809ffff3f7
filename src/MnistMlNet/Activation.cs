namespace MnistMlNet;

/// <summary>The function of the hidden units, <c>a = f(z)</c>.</summary>
public enum Activation
{
    /// <summary>Rectified linear unit: <c>max(0, z)</c>. The default.</summary>
    Relu,

    /// <summary>Hyperbolic tangent: <c>tanh z</c>, within -1..1.</summary>
    Tanh,

    /// <summary>Logistic function: <c>1 / (1 + e⁻ᶻ)</c>, within 0..1.</summary>
    Sigmoid,

    /// <summary>No function, <c>z</c>: the network is then a linear classifier of rank at most <c>HiddenUnits</c>.</summary>
    Identity,

    /// <summary>
    /// Leaky rectified linear unit: <c>z</c> where z is above 0, else <c>0.01 z</c> (Maas, Hannun, Ng 2013): no unit dies.
    /// </summary>
    LeakyRelu,
}
