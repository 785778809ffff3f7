using System.Runtime.CompilerServices;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Trains epochs in batches; each epoch has its own random order of the rows.</summary>
internal sealed class MiniBatchEpochs : IEpochTrainer
{
    private readonly ResolvedOptions _plan;
    private readonly IRowSource _rows;
    private readonly int[]? _places;
    private readonly ParameterOptimizer _optimizer;
    private readonly BatchTrainer _trainer;
    private readonly LearningRateScheduler _learningRates;
    private readonly Action<int>? _batchEnded;
    private int[] _order = [];
    private long _step;

    /// <param name="places">The indices of the rows to train on, for <paramref name="rows"/> that are all in memory; null for all.</param>
    /// <param name="sliceBegins">Called before each slice; it stops training by throwing.</param>
    /// <param name="batchEnded">Called after each batch with the number of its rows.</param>
    public MiniBatchEpochs(
        ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, IRowSource rows, int[]? places, WorkerTeam team,
        Action? sliceBegins, Action<int>? batchEnded)
    {
        _plan = plan;
        _rows = rows;
        _places = places;
        _batchEnded = batchEnded;
        _optimizer = ParameterOptimizer.Create(plan, kernels, parameters.Length);
        _trainer = new BatchTrainer(plan, kernels, parameters, rows.Sample, _optimizer, team)
        {
            SliceBegins = sliceBegins,
            Augmenter = BatchAugmenter.For(plan, kernels, rows.Sample, team),
        };
        _learningRates = new LearningRateScheduler(plan, plan.BatchesPerEpoch(places?.Length ?? rows.RowCount));
    }

    public Stop? Finished => null;

    public EpochOutcome Run(int epoch)
    {
        var sums = default(BatchResult);
        float learningRate = 0;
        int window = 0, batch = 0;
        long firstRow = 0;
        _trainer.Augmenter?.BeginEpoch(epoch);
        foreach (PackedRows windowRows in _rows.Windows(epoch))
        {
            _trainer.Rows = windowRows;
            _trainer.Augmenter?.BeginWindow(windowRows);
            _trainer.SetRandomKey(_plan.RandomKey(epoch), firstRow);
            firstRow += windowRows.RowCount;
            Order(windowRows.RowCount, epoch, window++);
            for (int first = 0; first < _order.Length; first += _plan.BatchSize)
            {
                batch++;
                learningRate = _learningRates.GetRate(_step++);
                int count = Math.Min(_plan.BatchSize, _order.Length - first);
                Memory<int> rest = _order.AsMemory(first + count);
                BatchResult result = _trainer.Step(_order.AsMemory(first, count), learningRate, rest[..Math.Min(count, rest.Length)]);
                if (!double.IsFinite(result.Loss))
                {
                    throw new TrainingDivergedException("the loss", result.Loss, epoch, batch, learningRate, _plan);
                }

                sums = sums.Add(result);
                _batchEnded?.Invoke(count);
            }
        }

        return batch > 0
            ? new EpochOutcome(sums, learningRate)
            : throw new InvalidOperationException($"The data had {_rows.RowCount} valid rows when they were counted, but none in epoch "
                + $"{epoch}.");
    }

    public void EpochEnded(double loss) => _learningRates.EpochEnded(loss);

    public void Serialize(IStateSerializer state)
    {
        state.Serialize("step", ref _step);
        long steps = _optimizer.StepCount;
        state.Serialize("optimizerSteps", ref steps);
        _optimizer.StepCount = steps;
        foreach (AlignedArray block in _optimizer.State)
        {
            state.Serialize("optimizerState", block.Span);
        }

        _learningRates.Serialize(state);
        _trainer.ParametersChanged();                                              // they may have been restored
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Order(int rowCount, int epoch, int window)
    {
        int count = _places?.Length ?? rowCount;
        _order = _order.Length == count ? _order : new int[count];
        if (_places is not null)
        {
            _places.CopyTo(_order, 0);
        }
        else
        {
            for (int i = 0; i < _order.Length; i++)
            {
                _order[i] = i;
            }
        }

        if (_plan.Shuffle)
        {
            new SeededRandom(_plan.Seed, (uint)epoch | (ulong)(uint)window << 32).Shuffle(_order);
        }
    }
}
