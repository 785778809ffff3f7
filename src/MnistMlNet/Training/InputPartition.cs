using MnistMlNet.Data;

namespace MnistMlNet.Training;

/// <summary>Divides the inputs into one range for each worker, so that the gradient and update of each take about equal time.</summary>
internal sealed class InputPartition
{
    /// <summary>
    /// The relative deviation from the ideal size of a range that is accepted for a range to end between the input blocks, because then
    /// one core can process all of a block.
    /// </summary>
    private const double Tolerance = 0.1;

    /// <summary>The boundaries for each number of active workers: worker w of n has the inputs [n][w] … [n][w + 1] - 1.</summary>
    private readonly Dictionary<int, int[]> _boundaries = [];

    /// <param name="rows">The rows whose non-zero values determine the cost of an input.</param>
    /// <param name="workerCount">The maximum number of workers; ranges are computed for a half of it, a quarter and so on, too.</param>
    /// <param name="batchRows">The number of rows of a batch.</param>
    public InputPartition(PackedRows rows, int workerCount, int batchRows)
    {
        for (int count = workerCount; count >= 1; count /= 2)
        {
            _boundaries.Add(count, Split(rows, count, batchRows));
        }
    }

    /// <summary>Gets the range of worker <paramref name="worker"/> of <paramref name="activeCount"/> active workers.</summary>
    public (int First, int End) GetRange(int worker, int activeCount)
    {
        int[] boundaries = _boundaries[activeCount];
        return (boundaries[worker], boundaries[worker + 1]);
    }

    private static int[] Split(PackedRows rows, int workerCount, int batchRows)
    {
        double CostOf(int input) => PhaseWork.Update
            + (rows.IsSparse ? (double)rows.NonZerosPerInput[input] / rows.RowCount : 1) * batchRows;

        // Cumulative costs: ends[i] is the cost of inputs 0 … i - 1.
        double[] ends = new double[rows.InputCount + 1];
        for (int i = 0; i < rows.InputCount; i++)
        {
            ends[i + 1] = ends[i] + CostOf(i);
        }

        double total = ends[^1];
        int middle = new InputBlocks(rows.InputCount).Middle;
        int[] boundaries = new int[workerCount + 1];
        for (int worker = 1; worker < workerCount; worker++)
        {
            double target = total * worker / workerCount;
            int place = ends.AsSpan().BinarySearch(target);
            boundaries[worker] = Math.Abs(ends[middle] - target) <= Tolerance * total / workerCount ? middle : place < 0 ? ~place : place;
        }

        boundaries[workerCount] = rows.InputCount;
        return boundaries;
    }
}
