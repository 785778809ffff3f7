namespace Microsoft.ML;

/// <summary>Internal in ML.NET: a model, as its scorers and meta-trainers see it.</summary>
public interface IPredictor
{
    PredictionKind PredictionKind { get; }
}

/// <summary>Internal in ML.NET: a model whose score has the type <typeparamref name="TResult"/>.</summary>
public interface IPredictorProducing<out TResult> : IPredictor;

/// <summary>Internal in ML.NET: a model that gives a probability besides its score.</summary>
public interface IDistPredictorProducing<out TResult, out TResultDistribution> : IPredictorProducing<TResult>;
