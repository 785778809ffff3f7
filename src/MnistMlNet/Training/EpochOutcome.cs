namespace MnistMlNet.Training;

/// <summary>What an epoch came to.</summary>
/// <param name="Rows">Sums over its rows.</param>
/// <param name="LearningRate">Of its last step.</param>
internal readonly record struct EpochOutcome(BatchResult Rows, float LearningRate);
