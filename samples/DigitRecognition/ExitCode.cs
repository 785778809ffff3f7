namespace DigitRecognition;

/// <summary>The program's exit codes.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int BelowTargetAccuracy = 1;
    public const int BadInput = 2;

    /// <summary>128 + SIGINT, as shells report a program stopped by Ctrl+C.</summary>
    public const int Cancelled = 130;
}
