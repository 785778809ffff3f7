using System.Globalization;
using MnistMlNet.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>Tracks the best epoch, and decides when to stop.</summary>
internal sealed class EarlyStopping(ResolvedOptions plan)
{
    private double _best = double.NegativeInfinity;
    private double _reference = double.NegativeInfinity;
    private long _bestEpoch;
    private long _epochsWithoutImprovement;

    /// <summary>Gets the best epoch so far, from 1; 0 before the first.</summary>
    public int BestEpoch => (int)_bestEpoch;

    /// <summary>Records an epoch.</summary>
    /// <remarks>
    /// An epoch whose loss isn't finite can't be compared: it is never the best, and isn't counted as one without improvement.
    /// </remarks>
    /// <returns>Whether it is the best so far.</returns>
    public bool Update(TrainingEpoch epoch)
    {
        double value = Value(epoch);
        if (!double.IsFinite(value))
        {
            return false;
        }

        // Any improvement makes an epoch the best, but only one above the tolerance restarts the count of epochs without improvement.
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

    /// <summary>Gets the reason to stop, or null.</summary>
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
    /// The value by which epochs are compared; larger is better. NaN for any metric if the loss isn't finite.
    /// </summary>
    private double Value(TrainingEpoch epoch)
    {
        double loss = epoch.ValidationLoss ?? epoch.TrainLoss;
        return !double.IsFinite(loss) ? double.NaN
            : plan.EarlyStoppingMetric == EarlyStoppingMetric.Accuracy ? epoch.ValidationAccuracy ?? epoch.TrainAccuracy
            : -loss;
    }
}
