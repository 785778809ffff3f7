namespace MnistMlNet;

/// <summary>The rule that turns gradients into updates.</summary>
public enum Optimizer
{
    /// <summary>
    /// Gradient descent, optionally with <c>Momentum</c> and <c>Nesterov</c>: <c>u ← μu - η(g + λw)</c>, <c>w ← w + u</c>.
    /// </summary>
    GradientDescent,

    /// <summary>
    /// Adam (Kingma and Ba 2015, arXiv:1412.6980) with <c>Beta1</c>, <c>Beta2</c>, <c>Epsilon</c> and decoupled decay
    /// (Loshchilov and Hutter 2019, arXiv:1711.05101). The default.
    /// </summary>
    Adam,

    /// <summary>
    /// RMSProp (Tieleman and Hinton 2012): <c>v ← ρv + (1 - ρ)g²</c>, <c>w ← w - η g / (√v + ε)</c> with <c>RmsPropDecay</c> ρ and
    /// <c>Epsilon</c>.
    /// </summary>
    RmsProp,

    /// <summary>
    /// Limited-memory BFGS on the full batch, with a line search for the strong Wolfe conditions (Nocedal and Wright 2006, algorithms 7.5,
    /// 3.5 and 3.6). An epoch is one iteration. Its line search chooses the step sizes. It suits tables of up to a few ten thousand rows.
    /// </summary>
    Lbfgs,
}
