using System.Diagnostics;
using System.Globalization;
using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>Epochs of batches: order, learning rate, loss, history.</summary>
internal sealed class TrainingLoop(TrainingPlan plan, IKernels kernels, NetworkParameters parameters, IRowSource rows, PackedRows? validationRows)
{
    /// <summary>Gets or sets what is called after each epoch.</summary>
    public Action<TrainingEpoch>? EpochEnded { get; set; }

    /// <summary>Gets or sets what is called before each batch; it stops training by throwing.</summary>
    public Action? BatchBegins { get; set; }

    /// <summary>Trains the parameters in place.</summary>
    public IReadOnlyList<TrainingEpoch> Run()
    {
        using var team = new WorkerTeam(plan.NumberOfThreads);
        var trainer = new BatchTrainer(kernels, parameters, rows.Sample, ParameterOptimizer.Create(plan, kernels, parameters.Length), team, plan.BatchSize)
        {
            Augmenter = BatchAugmenter.For(plan, kernels, rows.Sample, team),
        };
        Evaluation? validation = validationRows is null ? null : new Evaluation(kernels, parameters, validationRows, team);
        long batches = plan.BatchesPerEpoch(rows.RowCount);

        // A data view that is read again may give other rows than were counted; the schedule then ends where it was to end.
        long steps = batches * plan.NumberOfEpochs;
        var learningRates = new LearningRatePlan(plan.LearningRateSchedule, plan.LearningRate, steps);
        var epochs = new List<TrainingEpoch>(plan.NumberOfEpochs);
        int[] order = [];
        long step = 0;
        var clock = Stopwatch.StartNew();
        for (int epoch = 1; epoch <= plan.NumberOfEpochs; epoch++)
        {
            var sums = default(BatchResult);
            trainer.Augmenter?.BeginEpoch(epoch);
            float learningRate = 0;
            int window = 0, batch = 0;
            foreach (PackedRows windowRows in rows.Windows(epoch))
            {
                trainer.Rows = windowRows;
                trainer.Augmenter?.BeginWindow(windowRows);
                order = order.Length == windowRows.RowCount ? order : new int[windowRows.RowCount];
                Order(order, epoch, window++);
                for (int first = 0; first < order.Length; first += plan.BatchSize)
                {
                    BatchBegins?.Invoke();
                    batch++;
                    learningRate = learningRates.At(Math.Min(step++, steps));
                    BatchResult result = trainer.Step(order.AsMemory(first, Math.Min(plan.BatchSize, order.Length - first)), learningRate);
                    if (!double.IsFinite(result.Loss))
                    {
                        throw Diverged(result.Loss, epoch, batch, learningRate);
                    }

                    sums = sums.Add(result);
                }
            }

            if (batch == 0)
            {
                throw new InvalidOperationException($"The data had {rows.RowCount} valid rows when they were counted, but none in epoch {epoch}.");
            }

            BatchResult? held = validation?.Run();
            var ended = new TrainingEpoch(epoch, sums.MeanLoss, sums.Accuracy, held?.MeanLoss, held?.Accuracy, learningRate, clock.Elapsed);
            epochs.Add(ended);
            EpochEnded?.Invoke(ended);
        }

        foreach (float parameter in parameters.All)
        {
            if (!float.IsFinite(parameter))
            {
                throw Diverged(parameter, plan.NumberOfEpochs, (int)batches, learningRates.At(step - 1));
            }
        }

        return epochs;
    }

    private static InvalidOperationException Diverged(double loss, int epoch, int batch, float learningRate) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"Training diverged: the loss is {loss} in epoch {epoch}, batch {batch}, at the learning rate {learningRate}. "
        + $"Lower Options.LearningRate, or bring the features to a common scale first, for example with NormalizeMinMax."));

    private void Order(Span<int> order, int epoch, int window)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (plan.Shuffle)
        {
            new SeededRandom(plan.Seed, (uint)epoch | (ulong)(uint)window << 32).Shuffle(order);
        }
    }
}
