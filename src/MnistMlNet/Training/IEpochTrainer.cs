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
/// <param name="Loss">Σ weight × loss.</param>
/// <param name="Weight">Σ weight.</param>
/// <param name="Rows">Number of rows.</param>
/// <param name="Correct">Rows whose most probable class is their label; of several answers a row, the sum of the shares that are
/// right.</param>
/// <param name="SquaredError">Σ weight × squared error in the label's unit, where outputs are numbers.</param>
/// <param name="StandardizedError">The same in the unit of the targets while training.</param>
internal readonly record struct BatchResult(
    double Loss, double Weight, long Rows, double Correct, double SquaredError, double StandardizedError)
{
    public double MeanLoss => Loss / Weight;

    public double Accuracy => Correct / Rows;

    public double RootMeanSquaredError => Math.Sqrt(SquaredError / Weight);

    public BatchResult Add(BatchResult other) => new(
        Loss + other.Loss, Weight + other.Weight, Rows + other.Rows, Correct + other.Correct, SquaredError + other.SquaredError,
        StandardizedError + other.StandardizedError);

    /// <summary>Adds the rows of a batch in their order, in one thread: the sum mustn't depend on how they were shared out.</summary>
    public BatchResult Add(Workspace workspace, Batch batch)
    {
        double loss = Loss, weight = Weight, correct = Correct, squared = SquaredError, standardized = StandardizedError;
        for (int r = 0; r < batch.RowCount; r++)
        {
            loss += (double)batch.Weights[r] * workspace.Losses[r];
            weight += batch.Weights[r];
            correct += workspace.Correct[r];
        }

        for (int r = 0; r < batch.RowCount && workspace.SquaredErrors.Length > 0; r++)
        {
            squared += batch.Weights[r] * workspace.SquaredErrors[r];
            standardized += batch.Weights[r] * workspace.StandardizedErrors[r];
        }

        return new BatchResult(loss, weight, Rows + batch.RowCount, correct, squared, standardized);
    }
}
