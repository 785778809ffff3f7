using System.Globalization;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>One epoch of the history in a checkpoint.</summary>
internal static class TrainingEpochState
{
    /// <param name="expected">The number of the epoch, from 1.</param>
    /// <param name="epoch">The epoch to save; null when restoring.</param>
    /// <exception cref="InvalidDataException">The checkpoint has another epoch there, or a value that no epoch can have.</exception>
    public static TrainingEpoch Serialize(IStateSerializer state, int expected, TrainingEpoch? epoch)
    {
        long number = expected, ticks = epoch?.Elapsed.Ticks ?? 0;
        double trainLoss = epoch?.TrainLoss ?? 0, trainAccuracy = epoch?.TrainAccuracy ?? 0;
        double validationLoss = epoch?.ValidationLoss ?? double.NaN, validationAccuracy = epoch?.ValidationAccuracy ?? double.NaN;
        double learningRate = epoch?.LearningRate ?? 0;
        long isValidated = epoch?.ValidationLoss is null ? 0 : 1;
        double[] errors = epoch?.Errors ?? new double[TrainingEpoch.ErrorCount];
        state.Serialize("epoch", ref number);
        state.Serialize("trainLoss", ref trainLoss);
        state.Serialize("trainAccuracy", ref trainAccuracy);
        state.Serialize("validationLoss", ref validationLoss);
        state.Serialize("validationAccuracy", ref validationAccuracy);
        state.Serialize("learningRate", ref learningRate);
        state.Serialize("elapsed", ref ticks);
        state.Serialize("isValidated", ref isValidated, 1);
        foreach (ref double error in errors.AsSpan())
        {
            state.Serialize("errors", ref error);
        }

        if (number != expected)
        {
            throw new InvalidDataException($"epoch is {number} in the history; the next one must be {expected}.");
        }

        // A model with such a history couldn't be loaded.
        if (!float.IsFinite((float)learningRate))
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture,
                $"learningRate is {learningRate} in epoch {expected}; expected a finite float32."));
        }

        return TrainingEpoch.Create(
            expected, trainLoss, trainAccuracy, validationLoss, validationAccuracy, (float)learningRate, new TimeSpan(ticks),
            isValidated == 1, errors);
    }
}
