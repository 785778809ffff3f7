using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Extensibility;

/// <summary>Makes ML.NET's own transformer of binary classification, whose constructors are internal.</summary>
internal static class BinaryTransformer
{
    /// <summary>Makes a transformer that adds <c>PredictedLabel</c>, <c>Score</c> and <c>Probability</c>.</summary>
    /// <param name="env">The environment to register the transformer's host with.</param>
    /// <param name="model">Overrides <see cref="LoadableModelParametersBase.ScoreBinary"/>.</param>
    /// <param name="trainSchema">The schema of the training data; ML.NET saves it with the model.</param>
    /// <param name="featureColumnName">The column that is scored; a vector of <c>Single</c>, as long as the model has features.</param>
    /// <returns>A transformer that predicts the positive class where <c>Score</c> is greater than 0, as that of
    /// <c>LbfgsLogisticRegression</c> does.</returns>
    internal static BinaryPredictionTransformer<TModel> Create<TModel>(
        IHostEnvironment env, TModel model, DataViewSchema trainSchema, string featureColumnName)
        where TModel : LoadableModelParametersBase
        => new(env, model, trainSchema, featureColumnName);

    /// <summary>Gets the value above which the positive class is predicted, and the column that is compared with it.</summary>
    /// <param name="transformer">Any transformer.</param>
    /// <typeparam name="TModel">The type of the model in a transformer that wasn't loaded; a loaded one has ML.NET's internal
    /// type.</typeparam>
    /// <returns><see langword="null"/> for a transformer of another kind.</returns>
    internal static (float Value, string Column)? GetThreshold<TModel>(ITransformer transformer)
        where TModel : LoadableModelParametersBase
        => (object)transformer switch
        {
            BinaryPredictionTransformer<TModel> fitted => (fitted.Threshold, fitted.ThresholdColumn),
            BinaryPredictionTransformer<IPredictorProducing<float>> loaded => (loaded.Threshold, loaded.ThresholdColumn),
            _ => null,
        };
}
