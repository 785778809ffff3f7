using System.Globalization;

namespace MnistMlNet;

/// <summary>The line of <see cref="ConsoleProgress"/>.</summary>
/// <param name="writer">Gets the text.</param>
/// <param name="width">Gives the number of columns of the terminal; null where there is none, and each epoch has its own line.</param>
internal sealed class ProgressLine(TextWriter writer, Func<int?> width)
{
    private const int MaxBar = 24;
    private const int MinBar = 6;

    private readonly Lock _lock = new();
    private TrainingEpoch? _before;

    // The number of characters of the line that the cursor is in; 0 where it is at the start of an empty one.
    private int _written;

    public void Report(TrainingEpoch epoch)
    {
        lock (_lock)
        {
            TimeSpan? before = epoch.Epoch == 1 ? TimeSpan.Zero : _before?.Epoch == epoch.Epoch - 1 ? _before.Elapsed : null;
            _before = epoch;
            if (width() is not { } columns)
            {
                writer.WriteLine(string.Join("  ", Parts(epoch, before).Prepend(Head(epoch))));
                writer.Flush();
                return;
            }

            // The last column stays free: a terminal may begin a new line behind it.
            string line = Fit(epoch, before, columns - 1);
            writer.Write('\r' + line.PadRight(Math.Min(_written, columns - 1)));
            writer.Flush();
            _written = line.Length;
        }
    }

    /// <summary>Writes a warning on a line of its own; the progress continues below it.</summary>
    public void Warn(string text)
    {
        lock (_lock)
        {
            EndLine();
            writer.WriteLine(text);
            writer.Flush();
        }
    }

    /// <summary>Ends the line, so that the next output begins a new one.</summary>
    public void End()
    {
        lock (_lock)
        {
            EndLine();
            _before = null;
        }
    }

    private void EndLine()
    {
        if (_written > 0)
        {
            writer.WriteLine();
            writer.Flush();
            _written = 0;
        }
    }

    private static string Head(TrainingEpoch epoch) => epoch.TotalEpochs is { } total
        ? string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch}/{total}")
        : string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Epoch}");

    /// <summary>Gives the parts of the line, the most important ones first.</summary>
    private static List<string> Parts(TrainingEpoch epoch, TimeSpan? before)
    {
        List<string> parts = epoch.TrainRootMeanSquaredError is null
            ? [Loss(epoch.TrainLoss), "training " + Accuracy(epoch.TrainAccuracy)]
            : [Measures(epoch.TrainLoss, epoch.TrainAccuracy, epoch.TrainRootMeanSquaredError)];
        if (epoch.ValidationLoss is { } loss)
        {
            parts.Add("validation " + Measures(loss, epoch.ValidationAccuracy, epoch.ValidationRootMeanSquaredError));
        }

        if (epoch.TotalEpochs is { } total)
        {
            // The mean of all epochs so far, because a single epoch may have run while the machine was busy.
            parts.Add(Duration(epoch.Elapsed / epoch.Epoch * Math.Max(0, total - epoch.Epoch)) + " left");
        }

        if (before is { } start && epoch.RowCount is { } rows)
        {
            parts.Add(Speed(rows, epoch.Elapsed - start));
        }

        return parts;
    }

    private static string Fit(TrainingEpoch epoch, TimeSpan? before, int columns)
    {
        string head = Head(epoch);
        List<string> parts = Parts(epoch, before);
        while (parts.Count > 1 && Length() > columns)
        {
            parts.RemoveAt(parts.Count - 1);
        }

        // The bar takes the free columns, if there are enough of them.
        int free = Math.Min(columns - Length() - 2, MaxBar);
        IEnumerable<string> bar = free >= MinBar && epoch.TotalEpochs is { } total ? [Bar((double)epoch.Epoch / total, free)] : [];
        string line = string.Join("  ", [head, .. bar, .. parts]);
        return line.Length <= columns ? line : line[..Math.Max(columns, 0)];

        int Length() => head.Length + parts.Sum(part => part.Length + 2);
    }

    // ASCII, because not every console shows other characters.
    private static string Bar(double done, int columns)
    {
        int filled = (int)Math.Round(Math.Clamp(done, 0, 1) * (columns - 2));
        return $"[{new string('=', filled)}{new string('.', columns - 2 - filled)}]";
    }

    private static string Measures(double loss, double? accuracy, double? error) => Loss(loss) + " " + (error is { } rmse
        ? string.Create(CultureInfo.InvariantCulture, $"RMSE {rmse:G4}")
        : Accuracy(accuracy));

    private static string Loss(double loss) => string.Create(CultureInfo.InvariantCulture, $"loss {loss:F4}");

    private static string Accuracy(double? accuracy) =>
        string.Create(CultureInfo.InvariantCulture, $"accuracy {100 * accuracy:F2} %");

    private static string Duration(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours} h {time.Minutes:D2} min")
        : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes} min {time.Seconds:D2} s")
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):F0} s");

    // To three digits.
    private static string Speed(long rows, TimeSpan time)
    {
        double speed = rows / Math.Max(time.TotalSeconds, 1e-6);
        return speed switch
        {
            >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{speed / 1e6:G3} M rows/s"),
            >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{Math.Round(speed / 1e3, speed >= 1e5 ? 0 : 1)} k rows/s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{speed:F0} rows/s"),
        };
    }
}
