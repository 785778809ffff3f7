namespace DigitRecognition;

/// <summary>The options given on the command line; <see langword="null"/> means that the option wasn't given.</summary>
internal sealed record TrainSettings(
    string? TrainPath,
    string? TestPath,
    string? IdxFolder,
    int HiddenUnits,
    int? Epochs,
    int Seed,
    string ModelPath,
    double? TargetAccuracy,
    string? ReportPath = null)
{
    public const int DefaultHiddenUnits = 32;
    public const int DefaultSeed = 1;
}
