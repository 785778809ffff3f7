using Microsoft.ML.SearchSpace;

namespace MnistMlNet;

/// <content>Regularization, and the weights of classes.</content>
public sealed partial class TwoLayerNetworkTrainer
{
    public sealed partial class Options
    {
        /// <summary>The factor λ that draws weights, not biases, to 0.</summary>
        /// <value>
        /// Finite, 0 or above; null, the default, for 0.05 with Adam and 0 with gradient descent and RMSProp. With L-BFGS, null stands for
        /// the value with the least cross-validated log-loss on small tables (see <see cref="Optimizer"/>), and for 0.0001 on others.
        /// </value>
        /// <remarks>
        /// The mean loss plus <c>λ/2 · (‖W1‖² + ‖W2‖²)</c> is minimized. With Adam the decay is decoupled from the gradient:
        /// each step multiplies the weights by <c>1 - ηλ</c>. The reported loss is without it.
        /// </remarks>
        [Range(1e-4f, 0.3f, 0.05f, true)]
        public float? L2Regularization;

        /// <summary>The factor λ₁ that makes weights, not biases, 0 where they matter little.</summary>
        /// <value>Finite, 0, the default, or above.</value>
        /// <remarks>
        /// The mean loss plus <c>λ₁ · (‖W1‖₁ + ‖W2‖₁)</c> is minimized, with <c>λ₁ · sign(w)</c> added to the gradient. With Adam it is
        /// decoupled, too: after each step weights move towards 0 by <c>ηλ₁</c>, and stay there when they reach it. The reported loss is
        /// without it.
        /// </remarks>
        public float L1Regularization;

        /// <summary>
        /// The largest Euclidean norm of a hidden unit's incoming weights, to which they are scaled down after each step (Srivastava et al.
        /// 2014).
        /// </summary>
        /// <value>
        /// Finite and above 0; null, the default, for no limit. Features that the trainer scales (see its warning) have scaled weights.
        /// </value>
        public float? MaxNorm;

        /// <summary>
        /// The largest Euclidean norm of the gradient of all parameters together, to which it is scaled down before each step (Pascanu,
        /// Mikolov, Bengio 2013).
        /// </summary>
        /// <value>Finite and above 0; null, the default, for no limit.</value>
        public float? GradientClipNorm;

        /// <summary>
        /// The probability with which each feature of a row is left out of a step; the others are divided by 1 - p (Srivastava et al.
        /// 2014).
        /// </summary>
        /// <value>
        /// 0 or above and less than 1; null, the default, for 0.1 with Adam on 100 features or more, unless <see cref="Augmentation"/> is
        /// given, and for 0 otherwise.
        /// </value>
        /// <remarks>
        /// The training loss is that of the thinned network, so it is above the validation loss. Scoring uses all features.
        /// </remarks>
        [Range(0f, 0.5f, 0.1f)]
        public float? InputDropout;

        /// <summary>The probability with which each hidden unit is left out of a step for a row; the others are divided by 1 - p.</summary>
        /// <value>0, the default, or above, and less than 1. 0.5 helps networks of hundreds of hidden units, and harms small ones.</value>
        [Range(0f, 0.7f, 0f)]
        public float HiddenDropout;

        /// <summary>
        /// The share s of each target that is spread over all classes, <c>(1 - s) · oneHot + s / C</c> (Szegedy et al. 2016).
        /// </summary>
        /// <value>0, the default, or above, and less than 1.</value>
        /// <remarks>The training loss is measured against these targets; the validation loss is not smoothed.</remarks>
        [Range(0f, 0.2f, 0f)]
        public float LabelSmoothing;

        /// <summary>
        /// Whether rows of class c weigh <c>n / (C' · n_c)</c>, so that every class counts the same: n rows, n_c of the class, C' classes
        /// that occur.
        /// </summary>
        /// <value>The default is false. Not together with <see cref="ClassWeights"/>.</value>
        public bool BalancedClassWeights;

        /// <summary>Factors of the rows' weights by class name.</summary>
        /// <value>Finite numbers above 0; classes that aren't named have 1. Null, the default, for none.</value>
        /// <remarks>
        /// Names are the label's key values as invariant text, or <c>"0"</c>, <c>"1"</c> … where it has none. A name that no class has is
        /// refused by <c>Fit</c>. Together with the rows' own weights they are divided by their mean over the training rows, so only their
        /// ratios count. They apply to training, and not to the validation loss.
        /// </remarks>
        public IReadOnlyDictionary<string, float>? ClassWeights;
    }
}
