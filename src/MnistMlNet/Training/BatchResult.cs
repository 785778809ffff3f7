using MnistMlNet.Data;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

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
