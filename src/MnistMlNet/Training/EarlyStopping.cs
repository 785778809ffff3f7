using System.Globalization;
using MnistMlNet.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Which epoch was the best so far, and whether it is time to stop.</summary>
internal sealed class EarlyStopping(ResolvedOptions plan)
{
    private double _best = double.NegativeInfinity;
    private double _reference = double.NegativeInfinity;
    private long _bestEpoch;
    private long _epochsWithoutImprovement;

    /// <summary>Gets the best epoch so far, from 1; 0 before the first.</summary>
    public int BestEpoch => (int)_bestEpoch;

    /// <summary>Takes note of an epoch.</summary>
    /// <remarks>
    /// An epoch whose measure isn't finite says nothing of how good it is: it is never the best, and doesn't count against patience.
    /// </remarks>
    /// <returns>Whether it is the best so far.</returns>
    public bool Update(TrainingEpoch epoch)
    {
        double value = Value(epoch);
        if (!double.IsFinite(value))
        {
            return false;
        }

        // A small gain makes an epoch the best, but only one above the tolerance counts against patience.
        if (value > _reference + plan.EarlyStoppingTolerance)
        {
            _reference = value;
            _epochsWithoutImprovement = 0;
        }
        else
        {
            _epochsWithoutImprovement++;
        }

        if (value <= _best)
        {
            return false;
        }

        _best = value;
        _bestEpoch = epoch.Epoch;
        return true;
    }

    /// <summary>Gives the reason to stop, or null.</summary>
    public Stop? GetStopReason(TrainingEpoch epoch)
    {
        if (plan.EarlyStoppingPatience == 0 || _epochsWithoutImprovement < plan.EarlyStoppingPatience)
        {
            return null;
        }

        string what = (epoch.ValidationLoss is null ? "training " : "validation ")
            + (plan.EarlyStoppingMetric == EarlyStoppingMetric.Loss ? "loss" : "accuracy");
        return new Stop(StopReason.EarlyStopping, string.Create(
            CultureInfo.InvariantCulture,
            $"The {what} did not improve by more than {plan.EarlyStoppingTolerance} for {plan.EarlyStoppingPatience} epochs."));
    }

    public void Serialize(IStateSerializer state)
    {
        state.Serialize("best", ref _best);
        state.Serialize("reference", ref _reference);
        state.Serialize("bestEpoch", ref _bestEpoch, int.MaxValue);
        state.Serialize("epochsWithoutImprovement", ref _epochsWithoutImprovement);
    }

    /// <summary>
    /// What is compared: more is better. NaN where the loss isn't finite, whatever the metric: no such epoch is better than another.
    /// </summary>
    private double Value(TrainingEpoch epoch)
    {
        double loss = epoch.ValidationLoss ?? epoch.TrainLoss;
        return !double.IsFinite(loss) ? double.NaN
            : plan.EarlyStoppingMetric == EarlyStoppingMetric.Accuracy ? epoch.ValidationAccuracy ?? epoch.TrainAccuracy
            : -loss;
    }
}
