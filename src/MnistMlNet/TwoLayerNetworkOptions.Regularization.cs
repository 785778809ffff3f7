using Microsoft.ML.SearchSpace;

namespace MnistMlNet;

/// <content>Regularization.</content>
public abstract partial class TwoLayerNetworkOptions
{
    /// <summary>The factor λ of the L2 penalty on weights (not on biases), which moves them towards 0.</summary>
    /// <value>
    /// Finite, 0 or above; null, the default, for 0.05 with Adam and 0 with gradient descent and RMSProp. With Adam, 0.05 is doubled each
    /// time that the default of <see cref="LearningRate"/> is halved because of large features. With L-BFGS, null means the value with
    /// the lowest cross-validated log-loss on small tables (see <see cref="Optimizer"/>), and 0.0001 on others.
    /// </value>
    /// <remarks>
    /// The mean loss plus <c>λ/2 · (‖W1‖² + ‖W2‖²)</c> is minimized. With Adam the decay is decoupled from the gradient:
    /// each step multiplies the weights by <c>1 - ηλ</c>. The reported loss doesn't include the penalty.
    /// </remarks>
    [Range(1e-4f, 0.3f, 0.05f, true)]
    public float? L2Regularization;

    /// <summary>The factor λ₁ of the L1 penalty on weights (not on biases), which sets weights of little effect to 0.</summary>
    /// <value>Finite, 0 or above. The default is 0.</value>
    /// <remarks>
    /// The mean loss plus <c>λ₁ · (‖W1‖₁ + ‖W2‖₁)</c> is minimized, with <c>λ₁ · sign(w)</c> added to the gradient. With Adam it is
    /// decoupled, too: after each step weights move towards 0 by <c>ηλ₁</c>, and a weight that reaches 0 is set to 0. The reported loss
    /// doesn't include the penalty.
    /// </remarks>
    public float L1Regularization;

    /// <summary>
    /// The maximum Euclidean norm of a hidden unit's incoming weights. After each step, weights of a larger norm are scaled down to it
    /// (Srivastava et al. 2014).
    /// </summary>
    /// <value>
    /// Finite and above 0; null, the default, for no limit. Where the trainer scales features (see <see cref="StandardizeFeatures"/>),
    /// the limit applies to the weights for the scaled features.
    /// </value>
    public float? MaxNorm;

    /// <summary>
    /// The maximum Euclidean norm of the gradient of all parameters together. Before each step, a gradient of a larger norm is scaled
    /// down to it (Pascanu, Mikolov, Bengio 2013).
    /// </summary>
    /// <value>Finite and above 0; null, the default, for no limit.</value>
    public float? GradientClipNorm;

    /// <summary>
    /// The probability p that a feature of a row is set to 0 in a step; the other features are divided by 1 - p (Srivastava et al.
    /// 2014).
    /// </summary>
    /// <value>
    /// 0 or above and less than 1. Null, the default, means 0.1 with Adam on 100 features or more without <see cref="Augmentation"/>,
    /// and 0 otherwise.
    /// </value>
    /// <remarks>
    /// The training loss is measured with dropout, so it is usually above the validation loss. Scoring uses all features.
    /// </remarks>
    [Range(0f, 0.5f, 0.1f)]
    public float? InputDropout;

    /// <summary>
    /// The probability p that a hidden unit is set to 0 for a row in a step; the other units are divided by 1 - p.
    /// </summary>
    /// <value>
    /// 0 or above and less than 1. The default is 0. 0.5 helps networks of hundreds of hidden units, and harms small networks.
    /// </value>
    [Range(0f, 0.7f, 0f)]
    public float HiddenDropout;
}
