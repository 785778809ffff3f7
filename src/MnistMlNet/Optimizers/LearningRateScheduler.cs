using MnistMlNet.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Optimizers;

/// <summary>The learning rate of each step.</summary>
/// <remarks>
/// With W steps of warm-up, step t &lt; W has <c>η (t + 1) / W</c>, and the schedule's steps and epochs are those that follow.
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

    /// <param name="plan">The schedule and its numbers.</param>
    /// <param name="batchesPerEpoch">Steps of an epoch.</param>
    public LearningRateScheduler(ResolvedOptions plan, long batchesPerEpoch)
    {
        _plan = plan;
        _batchesPerEpoch = batchesPerEpoch;
        long steps = batchesPerEpoch * plan.NumberOfEpochs;
        _warmUpSteps = (long)Math.Round((double)plan.WarmUpEpochs * batchesPerEpoch);
        _stepCount = Math.Max(1, steps - _warmUpSteps);
    }

    /// <param name="step">The step's number, from 0.</param>
    public float GetRate(long step)
    {
        if (step < _warmUpSteps)
        {
            return (float)(_plan.LearningRate * (double)(step + 1) / _warmUpSteps);
        }

        // A data view that is read again may give more rows than were counted; the schedule then ends where it was to end.
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

    /// <summary>Takes note of an epoch's loss.</summary>
    /// <param name="loss">Of the validation rows, or else of the training rows.</param>
    public void EpochEnded(double loss)
    {
        // A loss that isn't finite tells nothing of a plateau.
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

    /// <summary>Saves or restores what <see cref="LearningRateSchedule.OnPlateau"/> has come to.</summary>
    public void Serialize(IStateSerializer state)
    {
        state.Serialize("plateauBest", ref _plateauBest);
        state.Serialize("plateauEpochs", ref _plateauEpochs);
        state.Serialize("plateauFactor", ref _plateauFactor);
    }
}
