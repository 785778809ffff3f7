using System.Diagnostics.CodeAnalysis;
using MnistMlNet;
using MnistMlNet.Extensibility;

namespace Microsoft.ML;

/// <summary>
/// Extension methods that add <see cref="TwoLayerNetworkTrainer"/> to ML.NET's multiclass classification trainers.
/// </summary>
[SuppressMessage("ApiDesign", "RS0026", Justification = "Overloads of different catalogs can't be confused.")]
public static class TwoLayerNetworkCatalog
{
    /// <summary>Creates a trainer for a neural network with one hidden layer.</summary>
    /// <param name="catalog">The multiclass classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="labelColumnName">The name of the label column: a key, such as <c>MapValueToKey</c> makes.</param>
    /// <param name="featureColumnName">The name of the feature column: a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the column of example weights, a <see cref="float"/>; null for equal
    /// weights.</param>
    /// <param name="hiddenUnits">The number of hidden units, 1 to 16,777,216.</param>
    /// <param name="numberOfEpochs">The number of passes over the rows, 1 or more; null to choose by the number of rows, see
    /// <see cref="TwoLayerNetworkOptions.NumberOfEpochs"/>.</param>
    /// <param name="batchSize">The number of rows of one step, 1 or more, or 0 for all; null to choose by the number of rows, see
    /// <see cref="TwoLayerNetworkOptions.BatchSize"/>.</param>
    /// <param name="learningRate">The step size, finite and above 0; null for the default, see
    /// <see cref="TwoLayerNetworkOptions.LearningRate"/>.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">An argument is out of range; the message names it, its value and the range.</exception>
    /// <example>
    /// <code>
    /// var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
    ///     .Append(mlContext.Transforms.NormalizeMinMax("Features"))
    ///     .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork())
    ///     .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    /// </code>
    /// For a complete program, see samples/Snippets/MulticlassClassification/TwoLayerNetwork.cs in the repository.
    /// </example>
    public static TwoLayerNetworkTrainer TwoLayerNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = TwoLayerNetworkOptions.Defaults.LabelColumnName,
        string featureColumnName = TwoLayerNetworkOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        int hiddenUnits = TwoLayerNetworkOptions.Defaults.HiddenUnits,
        int? numberOfEpochs = null,
        int? batchSize = null,
        float? learningRate = null) =>
        catalog.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenUnits = hiddenUnits,
            NumberOfEpochs = numberOfEpochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
        });

    /// <summary>Creates a trainer for a neural network with one hidden layer, with all options.</summary>
    /// <param name="catalog">The multiclass classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="options">The options. They are copied: later changes to them don't affect the trainer.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message names it, its value and the range.</exception>
    /// <example>
    /// <code>
    /// var options = new TwoLayerNetworkTrainer.Options
    /// {
    ///     HiddenUnits = 64, Activation = Activation.Tanh, ValidationFraction = 0.1f, RestoreBestEpoch = true,
    /// };
    /// var trainer = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options);
    /// </code>
    /// For a complete program, see samples/Snippets/MulticlassClassification/TwoLayerNetworkWithOptions.cs in the repository.
    /// </example>
    public static TwoLayerNetworkTrainer TwoLayerNetwork(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, TwoLayerNetworkTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new TwoLayerNetworkTrainer(catalog.GetEnvironment(), options);
    }

    /// <summary>Creates a trainer of a neural network with one hidden layer for two classes.</summary>
    /// <param name="catalog">The binary classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="labelColumnName">The name of the label column: a <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The name of the feature column: a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the column of example weights, a <see cref="float"/>; null for equal
    /// weights.</param>
    /// <param name="hiddenUnits">The number of hidden units, 1 to 16,777,216.</param>
    /// <param name="numberOfEpochs">The number of passes over the rows, 1 or more; null to choose by the number of rows, see
    /// <see cref="TwoLayerNetworkOptions.NumberOfEpochs"/>.</param>
    /// <param name="batchSize">The rows of one step, 1 or more, or 0 for all; null to choose by the number of rows, see
    /// <see cref="TwoLayerNetworkOptions.BatchSize"/>.</param>
    /// <param name="learningRate">The step size, finite and above 0; null for the default, see
    /// <see cref="TwoLayerNetworkOptions.LearningRate"/>.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">An argument is out of range; the message names it, its value and the range.</exception>
    public static TwoLayerNetworkBinaryTrainer TwoLayerNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog,
        string labelColumnName = TwoLayerNetworkOptions.Defaults.LabelColumnName,
        string featureColumnName = TwoLayerNetworkOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        int hiddenUnits = TwoLayerNetworkOptions.Defaults.HiddenUnits,
        int? numberOfEpochs = null,
        int? batchSize = null,
        float? learningRate = null) =>
        catalog.TwoLayerNetwork(new TwoLayerNetworkBinaryTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenUnits = hiddenUnits,
            NumberOfEpochs = numberOfEpochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
        });

    /// <summary>Creates a trainer of a neural network with one hidden layer for two classes, with all options.</summary>
    /// <param name="catalog">The binary classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="options">The options; later changes to them don't reach the trainer.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message names it, its value and the range.</exception>
    public static TwoLayerNetworkBinaryTrainer TwoLayerNetwork(
        this BinaryClassificationCatalog.BinaryClassificationTrainers catalog, TwoLayerNetworkBinaryTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new TwoLayerNetworkBinaryTrainer(catalog.GetEnvironment(), options);
    }

    /// <summary>Creates a trainer of a neural network with one hidden layer for regression.</summary>
    /// <param name="catalog">The regression trainers of an <see cref="MLContext"/>.</param>
    /// <param name="labelColumnName">The name of the label column: a <see cref="float"/>, or a vector of <see cref="float"/> of known
    /// size.</param>
    /// <param name="featureColumnName">The name of the feature column: a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the column of example weights, a <see cref="float"/>; null for equal
    /// weights.</param>
    /// <param name="hiddenUnits">The number of hidden units, 1 to 16,777,216.</param>
    /// <param name="numberOfEpochs">The number of passes over the rows, 1 or more; null to choose by the number of rows, see
    /// <see cref="TwoLayerNetworkOptions.NumberOfEpochs"/>.</param>
    /// <param name="batchSize">The rows of one step, 1 or more, or 0 for all; null to choose by the number of rows, see
    /// <see cref="TwoLayerNetworkOptions.BatchSize"/>.</param>
    /// <param name="learningRate">The step size, finite and above 0; null for the default, see
    /// <see cref="TwoLayerNetworkOptions.LearningRate"/>.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">An argument is out of range; the message names it, its value and the range.</exception>
    public static TwoLayerNetworkRegressionTrainer TwoLayerNetwork(
        this RegressionCatalog.RegressionTrainers catalog,
        string labelColumnName = TwoLayerNetworkOptions.Defaults.LabelColumnName,
        string featureColumnName = TwoLayerNetworkOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        int hiddenUnits = TwoLayerNetworkOptions.Defaults.HiddenUnits,
        int? numberOfEpochs = null,
        int? batchSize = null,
        float? learningRate = null) =>
        catalog.TwoLayerNetwork(new TwoLayerNetworkRegressionTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenUnits = hiddenUnits,
            NumberOfEpochs = numberOfEpochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
        });

    /// <summary>Creates a trainer of a neural network with one hidden layer for regression, with all options.</summary>
    /// <param name="catalog">The regression trainers of an <see cref="MLContext"/>.</param>
    /// <param name="options">The options; later changes to them don't reach the trainer.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message names it, its value and the range.</exception>
    public static TwoLayerNetworkRegressionTrainer TwoLayerNetwork(
        this RegressionCatalog.RegressionTrainers catalog, TwoLayerNetworkRegressionTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new TwoLayerNetworkRegressionTrainer(catalog.GetEnvironment(), options);
    }

    /// <summary>Creates a trainer of a neural network with one hidden layer for several labels.</summary>
    /// <param name="catalog">The multiclass classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="labelColumnName">The name of the label column: a vector of known size of <see cref="bool"/>, or of
    /// <see cref="float"/> with 0, 1 or NaN (not known).</param>
    /// <param name="featureColumnName">The name of the feature column: a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The name of the column of example weights, a <see cref="float"/>; null for equal
    /// weights.</param>
    /// <param name="hiddenUnits">The number of hidden units, 1 to 16,777,216.</param>
    /// <param name="numberOfEpochs">The number of passes over the rows, 1 or more; null to choose by the number of rows, see
    /// <see cref="TwoLayerNetworkOptions.NumberOfEpochs"/>.</param>
    /// <param name="batchSize">The rows of one step, 1 or more, or 0 for all; null to choose by the number of rows, see
    /// <see cref="TwoLayerNetworkOptions.BatchSize"/>.</param>
    /// <param name="learningRate">The step size, finite and above 0; null for the default, see
    /// <see cref="TwoLayerNetworkOptions.LearningRate"/>.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">An argument is out of range; the message names it, its value and the range.</exception>
    public static TwoLayerNetworkMultilabelTrainer TwoLayerNetworkMultilabel(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog,
        string labelColumnName = TwoLayerNetworkOptions.Defaults.LabelColumnName,
        string featureColumnName = TwoLayerNetworkOptions.Defaults.FeatureColumnName,
        string? exampleWeightColumnName = null,
        int hiddenUnits = TwoLayerNetworkOptions.Defaults.HiddenUnits,
        int? numberOfEpochs = null,
        int? batchSize = null,
        float? learningRate = null) =>
        catalog.TwoLayerNetworkMultilabel(new TwoLayerNetworkMultilabelTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            ExampleWeightColumnName = exampleWeightColumnName,
            HiddenUnits = hiddenUnits,
            NumberOfEpochs = numberOfEpochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
        });

    /// <summary>Creates a trainer of a neural network with one hidden layer for several labels, with all options.</summary>
    /// <param name="catalog">The multiclass classification trainers of an <see cref="MLContext"/>.</param>
    /// <param name="options">The options; later changes to them don't reach the trainer.</param>
    /// <returns>The trainer, to be appended to a pipeline.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message names it, its value and the range.</exception>
    public static TwoLayerNetworkMultilabelTrainer TwoLayerNetworkMultilabel(
        this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, TwoLayerNetworkMultilabelTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        return new TwoLayerNetworkMultilabelTrainer(catalog.GetEnvironment(), options);
    }
}
