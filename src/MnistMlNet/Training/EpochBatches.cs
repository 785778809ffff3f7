using System.Runtime.CompilerServices;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Divides the rows of each epoch into batches, in a new random order.</summary>
/// <param name="places">The indices of the rows to train on, for <paramref name="rows"/> that are all in memory; null for all.</param>
internal sealed class EpochBatches(ResolvedOptions plan, IRowSource rows, int[]? places)
{
    private int[] _order = [];

    /// <summary>Gets the batches of an epoch. One is valid until the next is asked for.</summary>
    /// <param name="epoch">The number of the epoch, from 1.</param>
    public IEnumerable<TrainingBatch> Of(int epoch)
    {
        int window = 0;
        long firstRow = 0;
        foreach (PackedRows windowRows in rows.Windows(epoch))
        {
            Order(windowRows.RowCount, epoch, window++);
            for (int first = 0; first < _order.Length; first += plan.BatchSize)
            {
                int count = Math.Min(plan.BatchSize, _order.Length - first);
                Memory<int> rest = _order.AsMemory(first + count);
                yield return new TrainingBatch(
                    windowRows, firstRow, _order.AsMemory(first, count), rest[..Math.Min(count, rest.Length)], BeginsWindow: first == 0);
            }

            firstRow += windowRows.RowCount;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Order(int rowCount, int epoch, int window)
    {
        int count = places?.Length ?? rowCount;
        _order = _order.Length == count ? _order : new int[count];
        if (places is not null)
        {
            places.CopyTo(_order, 0);
        }
        else
        {
            for (int i = 0; i < _order.Length; i++)
            {
                _order[i] = i;
            }
        }

        if (plan.Shuffle)
        {
            new SeededRandom(plan.Seed, (uint)epoch | (ulong)(uint)window << 32).Shuffle(_order);
        }
    }
}

/// <summary>One batch of an epoch.</summary>
/// <param name="Window">The rows that are in memory.</param>
/// <param name="FirstRow">The index in the data of the first of them.</param>
/// <param name="Rows">The batch's rows, as indices in <paramref name="Window"/>.</param>
/// <param name="Upcoming">The rows of the next batch, as far as known.</param>
/// <param name="BeginsWindow">Whether the batch is the first of its window.</param>
internal readonly record struct TrainingBatch(
    PackedRows Window, long FirstRow, ReadOnlyMemory<int> Rows, ReadOnlyMemory<int> Upcoming, bool BeginsWindow);
