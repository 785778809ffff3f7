using Microsoft.ML;
using Microsoft.ML.Runtime;
using MnistMlNet.Configuration;
using MnistMlNet.Training;

namespace MnistMlNet;

/// <summary>Trains a neural network with one hidden layer for regression, of one number or of several.</summary>
/// <remarks>
/// <para>To create this trainer, use
/// <see cref="TwoLayerNetworkCatalog.TwoLayerNetwork(RegressionCatalog.RegressionTrainers, string, string, string?, int, int?, int?, float?)"/>
/// or
/// <see cref="TwoLayerNetworkCatalog.TwoLayerNetwork(RegressionCatalog.RegressionTrainers, Options)"/>.</para>
/// <para><b>Input and output columns.</b> The label column is a <see cref="float"/>, or a known-sized vector of <see cref="float"/> for
/// several numbers. The feature column is a known-sized vector of <see cref="float"/>, the optional weight column a <see cref="float"/>.
/// The output column is <c>Score</c>: a <see cref="float"/>, or a vector with the slot names of the label.</para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Regression</description></item>
/// <item><term>Is normalization required?</term><description>No: features are centred and scaled during training, see
/// <see cref="TwoLayerNetworkOptions.StandardizeFeatures"/></description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, unless
/// <see cref="TwoLayerNetworkOptions.CacheRows"/> is false</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MnistMlNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes, by <see cref="TwoLayerNetworkModelParametersBase.SaveOnnx"/> and
/// <see cref="ModelOperationsCatalogExtensions.SaveOnnx"/>, and by ML.NET's own <c>ConvertToOnnx</c></description></item>
/// </list>
/// <para><b>Training algorithm.</b> Minimizes the mean over rows and outputs of the loss of <see cref="Options.Loss"/> between the target
/// and <c>z = W2 · f(W1 · x + b1) + b2</c>. Targets are standardized during training, and the change is folded into W2 and b2 afterwards;
/// see <see cref="Options.StandardizeTargets"/>. So a label in millions trains as one in units does. After each epoch,
/// <see cref="TrainingEpoch.TrainRSquared"/> and <see cref="TrainingEpoch.TrainRootMeanSquaredError"/> are known, the latter in the label's
/// unit.</para>
/// <para>Optimizers, regularization, validation, early stopping, checkpoints and reproducibility are those of
/// <see cref="TwoLayerNetworkTrainer"/>. Rows with a missing label, a label that is infinite or beyond ±1e36, a feature that isn't
/// finite, or a weight that isn't a finite number above 0 are skipped; one warning gives their number.</para>
/// <para>Check the See Also section for links to usage examples.</para>
/// </remarks>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetwork(RegressionCatalog.RegressionTrainers, string, string, string?, int, int?, int?, float?)"/>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetwork(RegressionCatalog.RegressionTrainers, Options)"/>
/// <seealso cref="Options"/>
public sealed class TwoLayerNetworkRegressionTrainer
    : TwoLayerNetworkTrainerBase<TwoLayerNetworkRegressionTransformer, TwoLayerNetworkRegressionModelParameters>
{
    internal TwoLayerNetworkRegressionTrainer(IHostEnvironment environment, Options options)
        : base(environment, "TwoLayerNetworkRegression", options)
    {
    }

    private protected override TwoLayerNetworkRegressionTransformer CreateTransformer(
        IHost host, TrainedNetwork trained, DataViewSchema schema) => new(
            host, new TwoLayerNetworkRegressionModelParameters(trained.Parameters, trained.IsVector, trained.OutputNames),
            trained.FeatureColumnName, trained.History);

    private protected override KnownNetwork Known(TwoLayerNetworkRegressionModelParameters model) =>
        new(model.Network) { OutputNames = model.OutputNames, IsVector = model.IsVector };

    /// <summary>The options of <see cref="TwoLayerNetworkRegressionTrainer"/>: those of all tasks, and those of regression.</summary>
    public sealed class Options : TwoLayerNetworkOptions
    {
        internal const float DefaultHuberDelta = 1.35f;
        internal const float DefaultQuantile = 0.5f;

        /// <summary>What is minimized.</summary>
        /// <value>The default is <see cref="RegressionLoss.Squared"/>.</value>
        public RegressionLoss Loss = RegressionLoss.Squared;

        /// <summary>The error δ from which on <see cref="RegressionLoss.Huber"/> grows in proportion.</summary>
        /// <value>
        /// Finite and above 0, in the unit of the standardized targets; null, the default, for 1.35, with which normally distributed
        /// errors lose 5 % of efficiency (Huber 1981). Accepted with <see cref="RegressionLoss.Huber"/> only.
        /// </value>
        public float? HuberDelta;

        /// <summary>The quantile q of <see cref="RegressionLoss.Quantile"/>.</summary>
        /// <value>Above 0 and less than 1; null, the default, for 0.5. Accepted with <see cref="RegressionLoss.Quantile"/> only.</value>
        public float? Quantile;

        /// <summary>Whether targets are standardized during training.</summary>
        /// <value>The default is true.</value>
        /// <remarks>
        /// Each target y becomes <c>(y - m) / s</c>, and afterwards <c>s · W2</c> and <c>s · b2 + m</c> are the parameters of the model.
        /// With <see cref="RegressionLoss.Squared"/>, m is the mean and s the standard deviation of the training rows, with the other
        /// losses the median and the interquartile range / 1.349. With <see cref="RegressionLoss.Poisson"/>, y is divided by its mean.
        /// The training loss is that of these targets, so that 1 is the squared loss of always predicting the mean.
        /// </remarks>
        public bool StandardizeTargets = true;

        internal override LearningTask Task => LearningTask.Regression;

        internal override RegressionLoss RegressionLoss => Loss;

        internal override float LossParameter => Loss switch
        {
            RegressionLoss.Huber => HuberDelta ?? DefaultHuberDelta,
            RegressionLoss.Quantile => Quantile ?? DefaultQuantile,
            _ => 0,
        };

        internal override bool AreTargetsStandardized => StandardizeTargets;
    }
}
