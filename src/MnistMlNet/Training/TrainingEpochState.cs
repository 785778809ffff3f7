using System.Globalization;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>One epoch of the history in a checkpoint.</summary>
internal static class TrainingEpochState
{
    /// <param name="wanted">The epoch's number, from 1.</param>
    /// <param name="epoch">The epoch, where it is to be saved.</param>
    /// <exception cref="InvalidDataException">Another epoch stands there, or what no epoch has.</exception>
    public static TrainingEpoch Exchange(IStateExchange state, int wanted, TrainingEpoch? epoch)
    {
        long number = wanted, ticks = epoch?.Elapsed.Ticks ?? 0;
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
        if (number != wanted)
        {
            throw new InvalidDataException($"epoch is {number} in the history; the next one must be {wanted}.");
        }

        // A model that has this history couldn't be loaded.
        if (!float.IsFinite((float)learningRate))
        {
            throw new InvalidDataException(
                string.Create(CultureInfo.InvariantCulture,
                $"learningRate is {learningRate} in epoch {wanted}; a finite float32 is wanted."));
        }

        bool isValidated = !double.IsNaN(validationAccuracy);                      // an accuracy always is a number, a loss need not be
        return new TrainingEpoch(
            wanted, trainLoss, trainAccuracy, isValidated ? validationLoss : null, isValidated ? validationAccuracy : null,
                (float)learningRate, new TimeSpan(ticks));
    }
}
