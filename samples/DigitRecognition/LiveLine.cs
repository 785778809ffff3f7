using MnistMlNet;

namespace DigitRecognition;

/// <summary>The progress line during training: epoch, loss and accuracy, speed, time left.</summary>
internal static class LiveLine
{
    private const int MaxBar = 24;
    private const int MinBar = 6;

    /// <summary>
    /// Gives the line after <paramref name="epoch"/>, as Spectre.Console markup. It has at most <paramref name="width"/> columns if
    /// <paramref name="width"/> is 30 or more.
    /// </summary>
    /// <param name="epoch">The completed epoch.</param>
    /// <param name="before">The time from the start of training to the start of this epoch.</param>
    /// <param name="width">The number of free columns of the terminal.</param>
    public static string Of(TrainingEpoch epoch, TimeSpan before, int width)
    {
        string accuracy = $"training accuracy {100 * epoch.TrainAccuracy:F2} %", text = $"loss {epoch.TrainLoss:F4}  {accuracy}";
        if (epoch is not { TotalEpochs: int total, RowCount: long rows })
        {
            return $"epoch {epoch.Epoch}  {text}";
        }

        string head = $"{epoch.Epoch}/{total}  ";
        string left = Left(epoch, total);
        string line = new[] { $"{text}  {Speed(rows, epoch.Elapsed - before)}  {left}", $"{text}  {left}", text, accuracy }
            .FirstOrDefault(line => head.Length + line.Length <= width, $"loss {epoch.TrainLoss:F4}");

        // The bar takes the free columns, if there are enough of them.
        int free = width - head.Length - line.Length - 2;
        string bar = free < MinBar ? "" : Bar((double)epoch.Epoch / total, Math.Min(free, MaxBar)) + "  ";
        return head + bar + line;
    }

    /// <summary>Samples per second, to three significant digits.</summary>
    public static string Speed(long rows, TimeSpan time)
    {
        double speed = rows / Math.Max(time.TotalSeconds, 1e-6);
        return speed switch
        {
            >= 1e6 => $"{speed / 1e6:G3} M samples/s",
            >= 1e3 => $"{Math.Round(speed / 1e3, speed >= 1e5 ? 0 : 1)} k samples/s",
            _ => $"{speed:F0} samples/s",
        };
    }

    private static string Left(TrainingEpoch epoch, int epochs)
    {
        // The mean of all epochs so far, because a single epoch may have run while the machine was busy.
        TimeSpan left = epoch.Elapsed / epoch.Epoch * Math.Max(0, epochs - epoch.Epoch);
        return left.TotalMinutes >= 1 ? $"{(int)left.TotalMinutes} min {left.Seconds:D2} s left"
            : $"{Math.Ceiling(left.TotalSeconds):F0} s left";
    }

    private static string Bar(double share, int width)
    {
        int done = (int)Math.Round(Math.Clamp(share, 0, 1) * width);
        return $"[green]{new string('━', done)}[/][grey]{new string('─', width - done)}[/]";
    }
}
