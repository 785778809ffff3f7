using System.ComponentModel;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;

namespace MnistMlNet.Extensibility;

/// <summary>The part of a model that ML.NET keeps to itself: being saved, and being scored by ML.NET's transformers and meta-trainers.
/// </summary>
/// <remarks>
/// Infrastructure, not meant to be derived from or named. ML.NET's interfaces are those of a model of binary classification, since only
/// there ML.NET requires its own transformer: <c>OneVersusAll</c>, <c>PairwiseCoupling</c> and <c>ChangeModelThreshold</c> take no other.
/// <c>IDistPredictorProducing</c> says that the model has its own probability; without it, both meta-trainers would train a calibrator.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class LoadableModelParametersBase
    : IDistPredictorProducing<float, float>, IValueMapperDist, ICanSaveModel, ISingleCanSaveOnnx
{
    // Internal, so that no type outside MnistMlNet can be created by the registered loader.
    internal LoadableModelParametersBase()
    {
    }

    PredictionKind IPredictor.PredictionKind => PredictionKind.BinaryClassification;

    DataViewType IValueMapper.InputType => new VectorDataViewType(NumberDataViewType.Single, FeatureCount);

    DataViewType IValueMapper.OutputType => NumberDataViewType.Single;

    DataViewType IValueMapperDist.DistType => NumberDataViewType.Single;

    /// <summary>Gets the number of features of a row, at least 1.</summary>
    internal abstract int FeatureCount { get; }

    // ML.NET has compared the types with those above.
    ValueMapper<TSrc, TDst> IValueMapper.GetMapper<TSrc, TDst>()
        => (ValueMapper<TSrc, TDst>)(Delegate)new ValueMapper<VBuffer<float>, float>(MapToLogit);

    ValueMapper<TSrc, TDst, TDist> IValueMapperDist.GetMapper<TSrc, TDst, TDist>()
        => (ValueMapper<TSrc, TDst, TDist>)(Delegate)new ValueMapper<VBuffer<float>, float, float>(MapToLogitAndProbability);

    /// <inheritdoc/>
    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelParametersLoader.Format.Save(ctx, WritePayload);

    bool ICanSaveOnnx.CanSaveOnnx(OnnxContext ctx) => true;

    // ML.NET gives the names of PredictedLabel, Score and Probability, and computes the first one itself.
    bool ISingleCanSaveOnnx.SaveAsOnnx(OnnxContext ctx, string[] outputNames, string featureColumn)
    {
        WriteBinaryOnnx(new OnnxConverterGraph(ctx), featureColumn, outputNames[1], outputNames[2]);
        return true;
    }

    /// <summary>Computes the score of the positive class. Any number of threads call this concurrently.</summary>
    /// <param name="features">
    /// One row, dense or sparse. ML.NET compares its type with <see cref="FeatureCount"/>, but not the row itself: its length may be
    /// another, and the indices of a sparse row may be any. The override must check them.
    /// </param>
    /// <param name="logit">The column <c>Score</c>: ML.NET predicts the positive class where it is greater than 0, and so not for NaN.
    /// </param>
    /// <param name="probability">The column <c>Probability</c>: the logistic function of <paramref name="logit"/>.</param>
    /// <exception cref="NotSupportedException">This is not a model of binary classification.</exception>
    internal virtual void ScoreBinary(in VBuffer<float> features, out float logit, out float probability)
        => throw NotBinary();

    /// <summary>Adds the nodes of the score and the probability of the positive class to ML.NET's own ONNX graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="features">The name of the value with the features.</param>
    /// <param name="logit">The name of the value of the column <c>Score</c>.</param>
    /// <param name="probability">The name of the value of the column <c>Probability</c>.</param>
    /// <exception cref="NotSupportedException">This is not a model of binary classification.</exception>
    internal virtual void WriteBinaryOnnx(OnnxConverterGraph graph, string features, string logit, string probability)
        => throw NotBinary();

    /// <summary>Writes all that <see cref="ModelParametersLoader.Factory"/> needs to make this model again.</summary>
    /// <param name="stream">Can only be written to; it can be disposed without harm.</param>
    internal abstract void WritePayload(Stream stream);

    private NotSupportedException NotBinary() => new(
        $"{GetType().Name} is not a model of binary classification, and ML.NET scores it as one. Use the model of a binary trainer.");

    private void MapToLogit(in VBuffer<float> features, ref float logit) => ScoreBinary(in features, out logit, out _);

    private void MapToLogitAndProbability(in VBuffer<float> features, ref float logit, ref float probability)
        => ScoreBinary(in features, out logit, out probability);
}
