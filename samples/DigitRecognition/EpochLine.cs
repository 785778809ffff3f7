using MnistMlNet;

namespace DigitRecognition;

/// <summary>One line of training progress, for files and pipes; for a terminal, see <see cref="LiveLine"/>.</summary>
internal static class EpochLine
{
    public static string Of(TrainingEpoch epoch)
    {
        string line = $"epoch {epoch.Epoch,3}   loss {epoch.TrainLoss:F4}   training accuracy {100 * epoch.TrainAccuracy,6:F2} %   "
            + $"{epoch.Elapsed.TotalSeconds,6:F2} s";
        return epoch is { ValidationLoss: double loss, ValidationAccuracy: double accuracy }
            ? $"{line}   validation loss {loss:F4}, accuracy {100 * accuracy:F2} %"
            : line;
    }
}
