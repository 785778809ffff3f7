using Microsoft.ML;
using Microsoft.ML.Runtime;
using MnistMlNet.Configuration;
using MnistMlNet.Training;

namespace MnistMlNet;

/// <summary>Trains a neural network with one hidden layer for several labels, of which any number can apply to a row.</summary>
/// <remarks>
/// <para>To create this trainer, use
/// <see cref="TwoLayerNetworkCatalog.TwoLayerNetworkMultilabel(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string?, int, int?, int?, float?)"/>
/// or
/// <see cref="TwoLayerNetworkCatalog.TwoLayerNetworkMultilabel(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Options)"/>.</para>
/// <para><b>Input and output columns.</b> The label column is a known-sized vector of <see cref="bool"/>, or of <see cref="float"/> with 0,
/// 1, or NaN for an answer that isn't known; such an answer doesn't count. The feature column is a known-sized vector of
/// <see cref="float"/>, the optional weight column a <see cref="float"/>. The output columns are <c>Probability</c>, a vector of
/// <see cref="float"/>, and <c>PredictedLabel</c>, a vector of <see cref="bool"/>, with the slot names of the label.</para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Multi-label classification</description></item>
/// <item><term>Is normalization required?</term><description>No: features are centred and scaled during training, see
/// <see cref="TwoLayerNetworkOptions.StandardizeFeatures"/></description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, unless
/// <see cref="TwoLayerNetworkOptions.CacheRows"/> is false</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MnistMlNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes, by <see cref="TwoLayerNetworkModelParametersBase.SaveOnnx"/> and
/// <see cref="ModelOperationsCatalogExtensions.SaveOnnx"/>, and by ML.NET's own <c>ConvertToOnnx</c></description></item>
/// </list>
/// <para><b>Training algorithm.</b> Minimizes the mean over rows and labels of the cross-entropy <c>-y ln p - (1 - y) ln(1 - p)</c> of
/// <c>p = 1 / (1 + exp(-z))</c>, <c>z = W2 · f(W1 · x + b1) + b2</c>. An answer that isn't known has neither loss nor gradient. The
/// accuracy of an epoch is the mean over the rows of the fraction of known answers that are right.</para>
/// <para>Optimizers, regularization, validation, early stopping, checkpoints and reproducibility are those of
/// <see cref="TwoLayerNetworkTrainer"/>. Rows with no known answer, a feature that isn't finite, or a weight that isn't a finite number
/// above 0 are skipped; one warning gives their number.</para>
/// <para>Check the See Also section for links to usage examples.</para>
/// </remarks>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetworkMultilabel(MulticlassClassificationCatalog.MulticlassClassificationTrainers, string, string, string?, int, int?, int?, float?)"/>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetworkMultilabel(MulticlassClassificationCatalog.MulticlassClassificationTrainers, Options)"/>
/// <seealso cref="Options"/>
public sealed class TwoLayerNetworkMultilabelTrainer
    : TwoLayerNetworkTrainerBase<TwoLayerNetworkMultilabelTransformer, TwoLayerNetworkMultilabelModelParameters>
{
    internal TwoLayerNetworkMultilabelTrainer(IHostEnvironment environment, Options options)
        : base(environment, "TwoLayerNetworkMultilabel", options)
    {
    }

    private protected override TwoLayerNetworkMultilabelTransformer CreateTransformer(
        IHost host, TrainedNetwork trained, DataViewSchema schema) => new(
            host, new TwoLayerNetworkMultilabelModelParameters(trained.Parameters, trained.OutputNames, trained.Thresholds),
            trained.FeatureColumnName, trained.History);

    private protected override KnownNetwork Known(TwoLayerNetworkMultilabelModelParameters model) =>
        new(model.Network) { OutputNames = model.LabelNames, IsVector = true };

    /// <summary>The options of <see cref="TwoLayerNetworkMultilabelTrainer"/>: those of all tasks, and those of several labels.</summary>
    public sealed class Options : TwoLayerNetworkOptions
    {
        /// <summary>Whether each label gets the threshold with the highest F1 score on the validation rows.</summary>
        /// <value>The default is false: all thresholds are 0.5. With true, validation rows are needed.</value>
        /// <remarks>
        /// The threshold lies midway between two neighbouring probabilities of the validation rows. A label that no validation row has
        /// keeps 0.5.
        /// </remarks>
        public bool ChooseThresholds;

        internal override LearningTask Task => LearningTask.Multilabel;
    }
}
