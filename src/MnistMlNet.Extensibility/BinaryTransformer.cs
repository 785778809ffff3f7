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
}
