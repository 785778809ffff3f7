namespace MnistMlNet.Training;

/// <summary>Where a training run keeps its state between epochs.</summary>
internal interface ICheckpoint
{
    /// <summary>Brings a run to where it was, if it is to go on and there is something to go on from.</summary>
    /// <returns>The time that the earlier epochs took.</returns>
    TimeSpan Restore(TrainingLoop loop);

    /// <summary>Takes note that an epoch has ended.</summary>
    /// <param name="elapsed">The time that all epochs took.</param>
    /// <param name="isLast">Whether no further epoch follows.</param>
    void Save(TrainingLoop loop, TimeSpan elapsed, bool isLast);
}
