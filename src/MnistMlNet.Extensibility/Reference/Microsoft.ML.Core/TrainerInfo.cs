namespace Microsoft.ML;

/// <summary>Public in ML.NET, its constructor internal.</summary>
public sealed class TrainerInfo
{
    public TrainerInfo(
        bool normalization = true, bool calibration = false, bool caching = true,
        bool supportValid = false, bool supportIncrementalTrain = false, bool supportTest = false)
        => throw null!;
}
