namespace MnistMlNet;

/// <summary>The rule that turns gradients into updates.</summary>
public enum Optimizer
{
    /// <summary>Gradient descent, with <c>Momentum</c> and <c>Nesterov</c> where given: <c>u ← μu - η(g + λw)</c>, <c>w ← w + u</c>.</summary>
    GradientDescent,

    /// <summary>
    /// Adam (Kingma and Ba 2015, arXiv:1412.6980) with β₁ = 0.9, β₂ = 0.999, ε = 1e-8 and decoupled decay
    /// (Loshchilov and Hutter 2019, arXiv:1711.05101). The default.
    /// </summary>
    Adam,
}
