using System.Globalization;
using System.Numerics.Tensors;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Optimizers.Lbfgs;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>
/// Trains by iterations of L-BFGS over all rows. Each counts as an epoch, although its line search may process the rows more than once.
/// </summary>
/// <remarks>
/// It minimizes the mean loss plus <c>λ/2 · (‖W1‖² + ‖W2‖²)</c>. The reported loss is that at the end of the iteration, without the
/// penalty.
/// </remarks>
internal sealed class LbfgsEpochs : IEpochTrainer
{
    /// <summary>A smaller decrease is below the precision of the loss: that of a row is a float, with an error of 2⁻²⁴ = 6e-8, and a mean
    /// of hundreds of rows has a tenth of that error. SciPy's L-BFGS-B stops at 2e-9, in double.</summary>
    private const double MinRelativeDecrease = 1e-8;

    private readonly ResolvedOptions _plan;
    private readonly NetworkParameters _parameters;
    private readonly float _l2;
    private readonly int _historySize;
    private readonly Gradient _gradient;
    private readonly LbfgsMinimizer _minimizer;
    private BatchResult _last;
    private LbfgsStatus _status = LbfgsStatus.Advanced;

    /// <param name="places">The indices of the rows to train on; null for all.</param>
    /// <param name="sliceBegins">Called before each slice of the rows; it stops training by throwing.</param>
    /// <param name="ranks">The ranks among which the hidden units are divided; null for none.</param>
    public LbfgsEpochs(ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, PackedRows rows, int[]? places,
        WorkerTeam team, Action? sliceBegins, PanelRanks? ranks = null)
        : this(plan, parameters)
    {
        int[] order = places ?? [.. Enumerable.Range(0, rows.RowCount)];
        var trainer = new BatchTrainer(
            plan with { BatchSize = order.Length }, kernels, parameters, rows, optimizer: null, team, ranks)
        {
            SliceBegins = sliceBegins,
        };
        _gradient = (out ReadOnlySpan<float> mean) => trainer.Evaluate(order, out mean);
    }

    /// <summary>Trains on the rows of several shards.</summary>
    public LbfgsEpochs(ResolvedOptions plan, IKernels kernels, NetworkParameters parameters, ShardedRows rows, WorkerTeam team,
        Action? sliceBegins, RankGroup ranks)
        : this(plan, parameters)
    {
        int[][] orders = [.. rows.Shards.Select(shard => Enumerable.Range(0, shard.Sample.RowCount).ToArray())];
        var shards = new ShardGradients(
            plan with { BatchSize = orders.Max(order => order.Length) }, kernels, parameters, rows, optimizer: null, team,
            sliceBegins, ranks);
        _gradient = (out ReadOnlySpan<float> mean) =>
        {
            for (int k = 0; k < orders.Length; k++)
            {
                shards.Compute(k, orders[k], rows.RowCount);
            }

            mean = shards.Sum();
            return ranks.Add(shards.Results);
        };
    }

    private LbfgsEpochs(ResolvedOptions plan, NetworkParameters parameters)
    {
        _gradient = null!;
        _plan = plan;
        _parameters = parameters;
        _l2 = plan.L2Regularization;
        _historySize = plan.LbfgsHistorySize;
        _minimizer = new LbfgsMinimizer(parameters.Length, plan.LbfgsHistorySize) { MinRelativeDecrease = MinRelativeDecrease };
    }

    /// <summary>Computes the mean loss and its gradient over all rows at the current parameters.</summary>
    private delegate BatchResult Gradient(out ReadOnlySpan<float> mean);

    public Stop? Finished => _status switch
    {
        LbfgsStatus.Converged => new Stop(StopReason.Converged, string.Create(
            CultureInfo.InvariantCulture, $"Converged: no entry of the gradient is above {_minimizer.GradientTolerance}.")),
        LbfgsStatus.LossIsFlat => new Stop(StopReason.Converged, string.Create(
            CultureInfo.InvariantCulture, $"Converged: the last iteration lowered the loss by less than {MinRelativeDecrease} of it.")),
        LbfgsStatus.LineSearchFailed => new Stop(StopReason.Converged, "Converged: the line search found no lower loss."),
        _ => null,
    };

    public EpochOutcome Run(int epoch)
    {
        LbfgsOutcome outcome = _minimizer.Step(Evaluate, _parameters.All);
        if (outcome.Status == LbfgsStatus.NotFinite)
        {
            throw new TrainingDivergedException("the loss or its gradient", outcome.Loss, epoch, 1, 1, _plan);
        }

        _status = outcome.Status;
        return new EpochOutcome(_last, (float)outcome.StepLength);
    }

    public bool AreFinite() => TensorPrimitives.IsFiniteAll<float>(_parameters.All);

    public void EpochEnded(double loss)
    {
    }

    public void Serialize(IStateSerializer state)
    {
        LbfgsState now = _minimizer.Export();
        double loss = now.Loss;
        long hasGradient = now.Gradient.Length > 0 ? 1 : 0, pairs = now.Rho.Length;
        long status = (long)_status;
        state.Serialize("lbfgsStatus", ref status, (long)LbfgsStatus.LossIsFlat);
        _status = (LbfgsStatus)status;
        state.Serialize("lbfgsLoss", ref loss);
        state.Serialize("lbfgsHasGradient", ref hasGradient, 1);
        state.Serialize("lbfgsPairs", ref pairs, _historySize);
        float[] gradient = Serialize(state, "lbfgsGradient", hasGradient == 1 ? now.Gradient : null, hasGradient == 1);
        float[][] steps = new float[pairs][], changes = new float[pairs][];
        double[] rho = new double[pairs];
        for (int p = 0; p < pairs; p++)
        {
            bool isPresent = p < now.Rho.Length;
            steps[p] = Serialize(state, "lbfgsStep", isPresent ? now.Steps[p] : null, true);
            changes[p] = Serialize(state, "lbfgsGradientChange", isPresent ? now.GradientChanges[p] : null, true);
            rho[p] = isPresent ? now.Rho[p] : 0;
            state.Serialize("lbfgsRho", ref rho[p]);
        }

        _minimizer.Import(new LbfgsState(loss, gradient, steps, changes, rho));
    }

    private float[] Serialize(IStateSerializer state, string field, float[]? block, bool isPresent)
    {
        if (!isPresent)
        {
            return [];
        }

        block = block is { Length: > 0 } ? block : new float[_parameters.Length];
        state.Serialize(field, block);
        return block;
    }

    private double Evaluate(Span<float> gradient)
    {
        _last = _gradient(out ReadOnlySpan<float> mean);
        mean.CopyTo(gradient);
        double penalty = AddPenalty(gradient, 0, _parameters.HiddenBiasesOffset)
            + AddPenalty(gradient, _parameters.OutputWeightsOffset, _parameters.OutputBiasesOffset);
        return _last.Loss / _last.Rows + penalty;
    }

    /// <summary>Adds λ w to the gradient of weights <paramref name="first"/> … <paramref name="end"/> - 1.</summary>
    /// <returns>λ/2 · ‖w‖².</returns>
    private double AddPenalty(Span<float> gradient, int first, int end)
    {
        if (_l2 == 0)
        {
            return 0;
        }

        ReadOnlySpan<float> weights = _parameters.All[first..end];
        FloatVectors.MultiplyAdd(weights, _l2, gradient[first..end], gradient[first..end]);
        return 0.5 * _l2 * LbfgsVectors.Dot(weights, weights);
    }
}
