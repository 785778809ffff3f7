using MnistMlNet.Data;
using MnistMlNet.Network;
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
    void Serialize(IStateSerializer state);
}

/// <summary>What an epoch came to.</summary>
/// <param name="Rows">Sums over its rows.</param>
/// <param name="LearningRate">Of its last step.</param>
internal readonly record struct EpochOutcome(BatchResult Rows, float LearningRate);

/// <summary>Sums over rows.</summary>
/// <param name="Loss">Σ weight × loss, in nats.</param>
/// <param name="Weight">Σ weight.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Correct">Rows whose most probable class is their label.</param>
internal readonly record struct BatchResult(double Loss, double Weight, long Rows, long Correct)
{
    public double MeanLoss => Loss / Weight;

    public double Accuracy => (double)Correct / Rows;

    public BatchResult Add(BatchResult other) =>
        new(Loss + other.Loss, Weight + other.Weight, Rows + other.Rows, Correct + other.Correct);

    /// <summary>Adds the rows of a batch in their order, in one thread: the sum mustn't depend on how they were shared out.</summary>
    public BatchResult Add(Workspace workspace, Batch batch)
    {
        double loss = Loss, weight = Weight;
        long correct = Correct;
        for (int r = 0; r < batch.RowCount; r++)
        {
            loss += (double)batch.Weights[r] * workspace.Losses[r];
            weight += batch.Weights[r];

            // Of logits that are NaN the kernel names the first class, whatever the label is.
            correct += workspace.Predicted[r] == batch.Labels[r] && !float.IsNaN(workspace.Losses[r]) ? 1 : 0;
        }

        return new BatchResult(loss, weight, Rows + batch.RowCount, correct);
    }
}
