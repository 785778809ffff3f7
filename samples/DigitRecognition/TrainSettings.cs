namespace DigitRecognition;

/// <summary>What the command line asks for; <see langword="null"/> means that the option wasn't given.</summary>
internal sealed record TrainSettings(
    string? TrainPath,
    string? TestPath,
    string? IdxFolder,
    int HiddenUnits,
    int? Epochs,
    int Seed,
    string ModelPath,
    double? TargetAccuracy,
    string? ReportPath = null);
