using MnistMlNet.Data;

namespace MnistMlNet.Training;

/// <summary>Cuts the inputs into one range for each worker, so that gradient and update take about the same time in each.</summary>
internal sealed class InputPartition
{
    /// <summary>
    /// Part of a share by which it may be off so that it ends between the input blocks, where one core can have all of a block.
    /// </summary>
    private const double Tolerance = 0.1;

    /// <summary>By the number of workers that take part: worker w of n has the inputs [n][w] … [n][w + 1] - 1.</summary>
    private readonly Dictionary<int, int[]> _shares = [];

    /// <param name="rows">The rows whose non-zeros make the cost.</param>
    /// <param name="workerCount">The most workers; half of it, a quarter and so on get their ranges too.</param>
    /// <param name="batchRows">Rows of one batch.</param>
    public InputPartition(PackedRows rows, int workerCount, int batchRows)
    {
        for (int count = workerCount; count >= 1; count /= 2)
        {
            _shares.Add(count, Split(rows, count, batchRows));
        }
    }

    /// <summary>The range of worker <paramref name="worker"/> where <paramref name="activeCount"/> take part.</summary>
    public (int First, int End) GetRange(int worker, int activeCount)
    {
        int[] shares = _shares[activeCount];
        return (shares[worker], shares[worker + 1]);
    }

    private static int[] Split(PackedRows rows, int workerCount, int batchRows)
    {
        double CostOf(int input) => PhaseWork.Update
            + (rows.IsSparse ? (double)rows.NonZerosPerInput[input] / rows.RowCount : 1) * batchRows;

        // Costs of the inputs before each: ends[i] is what 0 … i - 1 cost.
        double[] ends = new double[rows.InputCount + 1];
        for (int i = 0; i < rows.InputCount; i++)
        {
            ends[i + 1] = ends[i] + CostOf(i);
        }

        double total = ends[^1];
        int middle = new InputBlocks(rows.InputCount).Middle;
        int[] shares = new int[workerCount + 1];
        for (int worker = 1; worker < workerCount; worker++)
        {
            double target = total * worker / workerCount;
            int place = ends.AsSpan().BinarySearch(target);
            shares[worker] = Math.Abs(ends[middle] - target) <= Tolerance * total / workerCount ? middle : place < 0 ? ~place : place;
        }

        shares[workerCount] = rows.InputCount;
        return shares;
    }
}
