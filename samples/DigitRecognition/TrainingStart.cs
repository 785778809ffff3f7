using System.Globalization;
using System.Text.RegularExpressions;

namespace DigitRecognition;

/// <summary>
/// What the trainer writes to the log before its first epoch: the numbers that it chose, from which time left and speed follow.
/// </summary>
/// <param name="Rows">Rows trained on in each epoch.</param>
/// <param name="Epochs">Epochs at most.</param>
/// <param name="Threads">Threads at most.</param>
/// <param name="Tier">The instructions that its kernels use.</param>
internal sealed partial record TrainingStart(long Rows, int Epochs, int Threads, string Tier)
{
    /// <summary>Reads a message of the log; <see langword="null"/> if it is another one.</summary>
    public static TrainingStart? Parse(string message)
    {
        Match match = Pattern().Match(message);
        return match.Success
            ? new(long.Parse(Value("rows"), CultureInfo.InvariantCulture), Number("epochs"), Number("threads"), Value("tier"))
            : null;

        string Value(string name) => match.Groups[name].Value;
        int Number(string name) => int.Parse(Value(name), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"network, (?<rows>\d+) (sparse|dense) rows, (?<epochs>\d+) epochs of batches of \d+, (?<threads>\d+) threads, (?<tier>\w+)")]
    private static partial Regex Pattern();
}
