using MnistMlNet.Data;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Trains one epoch at a time: in batches, or as one iteration over all rows.</summary>
internal interface IEpochTrainer
{
    /// <summary>Gets the reason why a further epoch wouldn't change the parameters; null if it may change them.</summary>
    Stop? Finished { get; }

    /// <summary>Trains the parameters for one epoch.</summary>
    /// <param name="epoch">The number of the epoch, from 1; epochs are trained in order.</param>
    /// <exception cref="TrainingDivergedException">A loss isn't finite.</exception>
    EpochOutcome Run(int epoch);

    /// <summary>Whether all parameters are finite numbers, after an epoch.</summary>
    bool AreFinite();

    /// <summary>Updates the parameters whose update was left for later. Needed before they are read; called between epochs.</summary>
    void Complete()
    {
    }

    /// <summary>Receives the loss of an epoch, for learning-rate schedules that depend on it.</summary>
    void EpochEnded(double loss);

    /// <summary>Saves or restores the state on which the next epoch depends, except the parameters.</summary>
    void Serialize(IStateSerializer state);
}

/// <summary>The result of an epoch.</summary>
/// <param name="Rows">The sums over its rows.</param>
/// <param name="LearningRate">The learning rate of its last step.</param>
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

    /// <summary>The number of sums.</summary>
    public const int NumberCount = 6;

    /// <summary>Gets the sums as numbers, which ranks exchange.</summary>
    public double[] ToArray() => [Loss, Weight, Rows, Correct, SquaredError, StandardizedError];

    public static BatchResult From(ReadOnlySpan<double> values) =>
        new(values[0], values[1], (long)values[2], values[3], values[4], values[5]);

    /// <summary>Adds the rows of a batch in their order, in one thread, so that the sum doesn't depend on the number of workers.</summary>
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
