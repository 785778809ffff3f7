using System.Diagnostics;
using System.Globalization;
using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>Epochs of batches: order, learning rate, loss, history.</summary>
internal sealed class TrainingLoop(TrainingPlan plan, IKernels kernels, NetworkParameters parameters, PackedRows rows, PackedRows? validationRows)
{
    /// <summary>Gets or sets what is called after each epoch.</summary>
    public Action<TrainingEpoch>? EpochEnded { get; set; }

    /// <summary>Gets or sets what is called before each batch; it stops training by throwing.</summary>
    public Action? BatchBegins { get; set; }

    /// <summary>Trains the parameters in place.</summary>
    public IReadOnlyList<TrainingEpoch> Run()
    {
        using var team = new WorkerTeam(plan.NumberOfThreads);
        var trainer = new BatchTrainer(kernels, parameters, rows, ParameterOptimizer.Create(plan, kernels, parameters.Length), team, plan.BatchSize);
        Evaluation? validation = validationRows is null ? null : new Evaluation(kernels, parameters, validationRows, team);
        long batches = plan.BatchesPerEpoch(rows.RowCount);
        var learningRates = new LearningRatePlan(plan.LearningRateSchedule, plan.LearningRate, batches * plan.NumberOfEpochs);
        var epochs = new List<TrainingEpoch>(plan.NumberOfEpochs);
        int[] order = new int[rows.RowCount];
        long step = 0;
        var clock = Stopwatch.StartNew();
        for (int epoch = 1; epoch <= plan.NumberOfEpochs; epoch++)
        {
            Order(order, epoch);
            var sums = default(BatchResult);
            float learningRate = 0;
            for (int first = 0, batch = 1; first < order.Length; first += plan.BatchSize, batch++)
            {
                BatchBegins?.Invoke();
                learningRate = learningRates.At(step++);
                BatchResult result = trainer.Step(order.AsMemory(first, Math.Min(plan.BatchSize, order.Length - first)), learningRate);
                if (!double.IsFinite(result.Loss))
                {
                    throw Diverged(result.Loss, epoch, batch, learningRate);
                }

                sums = sums.Add(result);
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

    private void Order(Span<int> order, int epoch)
    {
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (plan.Shuffle)
        {
            new SeededRandom(plan.Seed, (ulong)epoch).Shuffle(order);
        }
    }
}
