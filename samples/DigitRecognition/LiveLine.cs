using MnistMlNet;

namespace DigitRecognition;

/// <summary>The line that moves while training: how far, how good, how fast, how long still.</summary>
internal static class LiveLine
{
    private const int MaxBar = 24;
    private const int MinBar = 6;

    /// <summary>
    /// The line after <paramref name="epoch"/>, as Spectre.Console markup of at most <paramref name="width"/> columns where 40 or more are
    /// given.
    /// </summary>
    /// <param name="epoch">The epoch that is done.</param>
    /// <param name="before">When it began, counted from the start of training.</param>
    /// <param name="start">What the trainer announced; without it, speed and time left aren't known.</param>
    /// <param name="width">Columns of the terminal that are free.</param>
    public static string Of(TrainingEpoch epoch, TimeSpan before, TrainingStart? start, int width)
    {
        string text = $"loss {epoch.TrainLoss:F4}  accuracy {100 * epoch.TrainAccuracy:F2} %";
        if (start is null)
        {
            return $"epoch {epoch.Epoch}  {text}";
        }

        string head = $"{epoch.Epoch}/{start.Epochs}  ";
        string left = Left(epoch, start.Epochs);
        string line = new[] { $"{text}  {Speed(start.Rows, epoch.Elapsed - before)}  {left}", $"{text}  {left}" }
            .FirstOrDefault(line => head.Length + line.Length <= width, text);

        // The bar takes what is free, if that is enough for a bar.
        int free = width - head.Length - line.Length - 2;
        string bar = free < MinBar ? "" : Bar((double)epoch.Epoch / start.Epochs, Math.Min(free, MaxBar)) + "  ";
        return head + bar + line;
    }

    /// <summary>Samples a second, to three figures.</summary>
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
        // The mean of all epochs so far: a single one may have met a busy machine.
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
