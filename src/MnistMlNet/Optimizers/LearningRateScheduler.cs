using MnistMlNet.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <summary>Computes the learning rate of each step.</summary>
/// <remarks>
/// With W warm-up steps, the learning rate of step t &lt; W is <c>η (t + 1) / W</c>. The schedule counts the steps and epochs after them.
/// </remarks>
internal sealed class LearningRateScheduler
{
    private readonly ResolvedOptions _plan;
    private readonly long _batchesPerEpoch;
    private readonly long _warmUpSteps;
    private readonly long _stepCount;
    private double _plateauBest = double.PositiveInfinity;
    private long _plateauEpochs;
    private double _plateauFactor = 1;

    /// <param name="plan">The schedule and its parameters.</param>
    /// <param name="batchesPerEpoch">The number of steps in an epoch.</param>
    public LearningRateScheduler(ResolvedOptions plan, long batchesPerEpoch)
    {
        _plan = plan;
        _batchesPerEpoch = batchesPerEpoch;
        long steps = batchesPerEpoch * plan.NumberOfEpochs;
        _warmUpSteps = (long)Math.Round((double)plan.WarmUpEpochs * batchesPerEpoch);
        _stepCount = Math.Max(1, steps - _warmUpSteps);
    }

    /// <summary>Computes the learning rate of a step.</summary>
    /// <param name="step">The number of the step, from 0.</param>
    public float GetRate(long step)
    {
        if (step < _warmUpSteps)
        {
            return (float)(_plan.LearningRate * (double)(step + 1) / _warmUpSteps);
        }

        // A data view that is read again may return more rows than were counted; the schedule still ends at the planned step.
        long epoch = (step - _warmUpSteps) / _batchesPerEpoch, t = Math.Min(step - _warmUpSteps, _stepCount);
        double rate = _plan.LearningRate;
        return (float)(_plan.LearningRateSchedule switch
        {
            LearningRateSchedule.Cosine => rate * 0.5 * (1 + Math.Cos(Math.PI * t / _stepCount)),
            LearningRateSchedule.Linear => rate * (1 - (double)t / _stepCount),
            LearningRateSchedule.Step => rate * Math.Pow(_plan.LearningRateDropFactor, epoch / _plan.LearningRateDropEpochs),
            LearningRateSchedule.InverseScaling => rate / Math.Pow(1 + epoch, _plan.InverseScalingPower),
            LearningRateSchedule.OnPlateau => rate * _plateauFactor,
            LearningRateSchedule.Constant => rate,
            _ => throw UnknownMember.Of(_plan.LearningRateSchedule),
        });
    }

    /// <summary>Records the loss of an epoch.</summary>
    /// <param name="loss">The validation loss; without validation rows, the training loss.</param>
    public void EpochEnded(double loss)
    {
        // A loss that isn't finite says nothing about a plateau.
        if (_plan.LearningRateSchedule != LearningRateSchedule.OnPlateau || !double.IsFinite(loss))
        {
            return;
        }

        if (loss < _plateauBest - _plan.EarlyStoppingTolerance)
        {
            _plateauBest = loss;
            _plateauEpochs = 0;
        }
        else if (++_plateauEpochs >= _plan.LearningRateDropEpochs)
        {
            _plateauFactor *= _plan.LearningRateDropFactor;
            _plateauEpochs = 0;
        }
    }

    /// <summary>Saves or restores the state of <see cref="LearningRateSchedule.OnPlateau"/>.</summary>
    public void Serialize(IStateSerializer state)
    {
        state.Serialize("plateauBest", ref _plateauBest);
        state.Serialize("plateauEpochs", ref _plateauEpochs);
        state.Serialize("plateauFactor", ref _plateauFactor);
    }
}
