namespace DigitRecognition;

/// <summary>The training loss over the epochs in one line, which stays on the screen after the training.</summary>
internal static class LossLine
{
    private const int MaxCharacters = 60;

    /// <param name="losses">The loss of each epoch.</param>
    /// <param name="width">The number of columns of the terminal.</param>
    /// <param name="isPlain">Whether the output is a file or a pipe, which gets no drawing: it has a line for each epoch.</param>
    /// <param name="isAscii">Whether the output has ASCII characters only.</param>
    public static string Of(IReadOnlyList<double> losses, int width, bool isPlain, bool isAscii)
    {
        const string Name = "loss  ";
        string range = $"{losses[0]:F4} to {losses[^1]:F4}";
        int free = Math.Min(width - Name.Length - range.Length - 2, MaxCharacters);
        return isPlain || free < 1 ? Name + range : $"{Name}{Sparkline.Of(losses, free, isAscii)}  {range}";
    }
}
