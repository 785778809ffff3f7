namespace MnistMlNet;

/// <summary>The results of one epoch, which is one pass over the training rows.</summary>
/// <param name="Epoch">The epoch's number, from 1.</param>
/// <param name="TrainLoss">Mean cross-entropy of the training rows in nats, weighted by example weights. Each row is measured just before
/// the update that uses it.</param>
/// <param name="TrainAccuracy">Fraction of the training rows, 0..1, whose most probable class was their label; measured like
/// <paramref name="TrainLoss"/>.</param>
/// <param name="ValidationLoss">Mean cross-entropy of the validation rows after the epoch; null without validation data.</param>
/// <param name="ValidationAccuracy">Fraction of the validation rows, 0..1, whose most probable class is their label; null without
/// validation data.</param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="Elapsed">Time since training began, without the time to read the rows.</param>
public sealed record TrainingEpoch(
    int Epoch, double TrainLoss, double TrainAccuracy, double? ValidationLoss, double? ValidationAccuracy, float LearningRate,
    TimeSpan Elapsed);
