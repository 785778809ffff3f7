using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.SearchSpace;
using MnistMlNet.Configuration;
using MnistMlNet.Extensibility;
using MnistMlNet.Training;

namespace MnistMlNet;

/// <summary>Trains a neural network with one hidden layer for two classes.</summary>
/// <remarks>
/// <para>To create this trainer, use
/// <see cref="TwoLayerNetworkCatalog.TwoLayerNetwork(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string, string?, int, int?, int?, float?)"/>
/// or
/// <see cref="TwoLayerNetworkCatalog.TwoLayerNetwork(BinaryClassificationCatalog.BinaryClassificationTrainers, Options)"/>.</para>
/// <para><b>Input and output columns.</b> The label column is a <see cref="bool"/>; as for ML.NET's own binary trainers, <c>Fit</c> also
/// takes a <see cref="float"/> (above 0 is true, NaN is missing) or a key of two values (the second is true). The feature column is a
/// known-sized vector of <see cref="float"/>, the optional weight column a <see cref="float"/>. The output columns are <c>Score</c>, the
/// logit; <c>Probability</c>, that of true; and <c>PredictedLabel</c>, a <see cref="bool"/>. Probabilities are calibrated by construction,
/// since the loss is that of probabilities.</para>
/// <list type="table">
/// <listheader><term>Trainer characteristics</term><description></description></listheader>
/// <item><term>Machine learning task</term><description>Binary classification</description></item>
/// <item><term>Is normalization required?</term><description>No: features are centred and scaled during training, see
/// <see cref="TwoLayerNetworkOptions.StandardizeFeatures"/></description></item>
/// <item><term>Is caching required?</term><description>No: the rows are read once, unless
/// <see cref="TwoLayerNetworkOptions.CacheRows"/> is false</description></item>
/// <item><term>Required NuGet in addition to Microsoft.ML</term><description>MnistMlNet</description></item>
/// <item><term>Exportable to ONNX</term><description>Yes, by <see cref="TwoLayerNetworkModelParametersBase.SaveOnnx"/> and
/// <see cref="ModelOperationsCatalogExtensions.SaveOnnx"/>, and by ML.NET's own <c>ConvertToOnnx</c></description></item>
/// </list>
/// <para><b>Training algorithm.</b> Minimizes the mean cross-entropy <c>-y ln p - (1 - y) ln(1 - p)</c> of
/// <c>p = 1 / (1 + exp(-z))</c>, <c>z = W2 · f(W1 · x + b1) + b2</c>, with the label y, 0 or 1.</para>
/// <para>Optimizers, regularization, validation, early stopping, checkpoints and reproducibility are those of
/// <see cref="TwoLayerNetworkTrainer"/>. Rows with a missing label, a feature that isn't finite, or a weight that isn't a finite number
/// above 0 are skipped; one warning gives their number.</para>
/// <para>Check the See Also section for links to usage examples.</para>
/// </remarks>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetwork(BinaryClassificationCatalog.BinaryClassificationTrainers, string, string, string?, int, int?, int?, float?)"/>
/// <seealso cref="TwoLayerNetworkCatalog.TwoLayerNetwork(BinaryClassificationCatalog.BinaryClassificationTrainers, Options)"/>
/// <seealso cref="Options"/>
public sealed class TwoLayerNetworkBinaryTrainer
    : TwoLayerNetworkTrainerBase<BinaryPredictionTransformer<TwoLayerNetworkBinaryModelParameters>, TwoLayerNetworkBinaryModelParameters>
{
    internal TwoLayerNetworkBinaryTrainer(IHostEnvironment environment, Options options)
        : base(environment, "TwoLayerNetworkBinary", options)
    {
    }

    private protected override BinaryPredictionTransformer<TwoLayerNetworkBinaryModelParameters> CreateTransformer(
        IHost host, TrainedNetwork trained, DataViewSchema schema) =>
        BinaryTransformer.Create(
            host, new TwoLayerNetworkBinaryModelParameters(trained.Parameters, trained.History), schema, trained.FeatureColumnName);

    private protected override KnownNetwork Known(TwoLayerNetworkBinaryModelParameters model) => new(model.Network);

    /// <summary>The options of <see cref="TwoLayerNetworkBinaryTrainer"/>: those of all tasks, and those of two classes.</summary>
    public sealed class Options : TwoLayerNetworkOptions
    {
        /// <summary>The fraction s of each target that is distributed evenly over both classes: <c>(1 - s) · y + s / 2</c>.</summary>
        /// <value>0 or above and less than 1. The default is 0.</value>
        /// <remarks>The training loss is measured against these targets; the validation loss is not smoothed.</remarks>
        [Range(0f, 0.2f, 0f)]
        public float LabelSmoothing;

        /// <summary>The factor of the weights of positive rows; negative rows have 1.</summary>
        /// <value>Finite and above 0; null, the default, for 1. Not together with <see cref="BalancedClassWeights"/>.</value>
        /// <remarks>
        /// The product of a row's class weight and example weight is divided by its mean over the training rows, so only the ratio matters.
        /// It applies to training, not to the validation loss. Probabilities then are those of the weighted rows.
        /// </remarks>
        public float? PositiveClassWeight;

        /// <summary>
        /// Whether rows of class c have the weight <c>n / (2 n_c)</c>, so that both classes have the same total weight. n is the number of
        /// rows, n_c that of the class.
        /// </summary>
        /// <value>The default is false. Not together with <see cref="PositiveClassWeight"/>.</value>
        public bool BalancedClassWeights;

        internal override LearningTask Task => LearningTask.Binary;

        internal override float SmoothingOfLabels => LabelSmoothing;

        internal override bool AreClassesBalanced => BalancedClassWeights;

        internal override IReadOnlyDictionary<string, float>? WeightsByClass => PositiveClassWeight is { } weight
            ? new Dictionary<string, float> { [bool.TrueString] = weight }
            : null;
    }
}
