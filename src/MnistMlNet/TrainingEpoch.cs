namespace MnistMlNet;

/// <summary>What one epoch, one pass over the training rows, came to.</summary>
/// <param name="Epoch">The epoch's number, from 1.</param>
/// <param name="TrainLoss">Mean cross-entropy of the training rows in nats, weighted by example weights, each row measured just before the
/// update that used it.</param>
/// <param name="TrainAccuracy">Share of the training rows, 0..1, whose most probable class was their label, measured likewise.</param>
/// <param name="ValidationLoss">Mean cross-entropy of the validation rows after the epoch; null without validation data.</param>
/// <param name="ValidationAccuracy">Share of the validation rows, 0..1, whose most probable class is their label; null without validation
/// data.</param>
/// <param name="LearningRate">The learning rate of the epoch's last step.</param>
/// <param name="Elapsed">Time since training began, the reading of the rows not included.</param>
public sealed record TrainingEpoch(
    int Epoch, double TrainLoss, double TrainAccuracy, double? ValidationLoss, double? ValidationAccuracy, float LearningRate,
    TimeSpan Elapsed);
