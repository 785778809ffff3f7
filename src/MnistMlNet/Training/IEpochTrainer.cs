using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Does the work of one epoch: by batches, or an iteration over all rows.</summary>
internal interface IEpochTrainer
{
    /// <summary>Gets why no further epoch would change anything; null where one may.</summary>
    Stop? Finished { get; }

    /// <summary>Trains the parameters for one epoch.</summary>
    /// <param name="epoch">The epoch's number, from 1; epochs come in order.</param>
    /// <exception cref="TrainingDivergedException">A loss isn't finite.</exception>
    EpochOutcome Run(int epoch);

    /// <summary>Takes note of the loss that schedules go by.</summary>
    void EpochEnded(double loss);

    /// <summary>Saves or restores what the next epoch depends on beside the parameters.</summary>
    void Exchange(IStateExchange state);
}
