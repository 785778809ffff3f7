using MnistMlNet;

namespace DigitRecognition;

/// <summary>One line of the training's progress.</summary>
internal static class EpochLine
{
    private const int BarWidth = 20;

    public static string Of(TrainingEpoch epoch)
    {
        string line = $"epoch {epoch.Epoch,3}   loss {epoch.TrainLoss:F4}   accuracy {100 * epoch.TrainAccuracy,6:F2} %   {epoch.Elapsed.TotalSeconds,6:F2} s";
        if (epoch is { ValidationLoss: double loss, ValidationAccuracy: double accuracy })
        {
            line += $"   validation loss {loss:F4}, accuracy {100 * accuracy:F2} %";
        }

        // A line that wraps would leave the spinner's remains behind it.
        return Screen.IsPlain || line.Length + 3 + BarWidth >= Screen.Console.Profile.Width ? line : $"{line}   {Bar(epoch.TrainLoss)}";
    }

    // The error rate would be a stump after two epochs; the loss on a logarithmic scale (1 nat to 1/1000) keeps moving.
    private static string Bar(double loss)
    {
        double share = Math.Clamp(-Math.Log10(Math.Max(loss, 1e-9)) / 3, 0, 1);
        int length = (int)Math.Round(share * BarWidth);
        return $"[green]{new string('━', length)}[/][grey]{new string('━', BarWidth - length)}[/]";
    }
}
