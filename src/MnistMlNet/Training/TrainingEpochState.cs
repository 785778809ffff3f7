namespace MnistMlNet.Training;

/// <summary>One epoch of the history in a checkpoint.</summary>
internal static class TrainingEpochState
{
    public static TrainingEpoch Exchange(IStateExchange state, TrainingEpoch? epoch)
    {
        long number = epoch?.Epoch ?? 0, ticks = epoch?.Elapsed.Ticks ?? 0;
        double trainLoss = epoch?.TrainLoss ?? 0, trainAccuracy = epoch?.TrainAccuracy ?? 0;
        double validationLoss = epoch?.ValidationLoss ?? double.NaN, validationAccuracy = epoch?.ValidationAccuracy ?? double.NaN;
        double learningRate = epoch?.LearningRate ?? 0;
        state.Exchange("epoch", ref number);
        state.Exchange("trainLoss", ref trainLoss);
        state.Exchange("trainAccuracy", ref trainAccuracy);
        state.Exchange("validationLoss", ref validationLoss);
        state.Exchange("validationAccuracy", ref validationAccuracy);
        state.Exchange("learningRate", ref learningRate);
        state.Exchange("elapsed", ref ticks);
        return new TrainingEpoch(
            (int)number, trainLoss, trainAccuracy, OrNull(validationLoss), OrNull(validationAccuracy), (float)learningRate, new TimeSpan(ticks));
    }

    private static double? OrNull(double value) => double.IsNaN(value) ? null : value;
}
