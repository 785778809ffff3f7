using System.Globalization;
using System.Text.RegularExpressions;

namespace DigitRecognition;

/// <summary>
/// The numbers that the trainer logs before its first epoch, from which time left and speed are computed.
/// </summary>
/// <param name="Rows">The number of rows trained on in each epoch.</param>
/// <param name="Epochs">The maximum number of epochs.</param>
/// <param name="Threads">The maximum number of threads.</param>
/// <param name="Tier">The instruction set that its kernels use.</param>
internal sealed partial record TrainingStart(long Rows, int Epochs, int Threads, string Tier)
{
    /// <summary>Parses a log message; <see langword="null"/> if it is a different message.</summary>
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
