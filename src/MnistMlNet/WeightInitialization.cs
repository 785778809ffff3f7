namespace MnistMlNet;

/// <summary>The distribution of the initial weights.</summary>
public enum WeightInitialization
{
    /// <summary>
    /// Uniform within ±√(6 / inputs of the layer), biases 0 (He et al. 2015, arXiv:1502.01852): for ReLU and the
    /// similar functions GELU and SiLU. The default.
    /// </summary>
    HeUniform,

    /// <summary>
    /// Uniform within ±√(6 / (inputs + outputs of the layer)), biases 0 (Glorot and Bengio 2010): for tanh and sigmoid.
    /// </summary>
    GlorotUniform,

    /// <summary>Weights uniform within ±0.5, biases -0.5: the initialization of the original NumPy program.</summary>
    UniformHalf,
}
