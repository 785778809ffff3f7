namespace MnistMlNet.Tests.Trust.Killing;

/// <summary>The result of a series of kills.</summary>
/// <param name="Whole">Kills after which the path held a complete file, the old one or the new one.</param>
/// <param name="TemporaryFiles">Temporary files left in the folder: a kill during the writing leaves one.</param>
/// <param name="Failures">Files that were incomplete or unexpected.</param>
internal sealed record KillReport(string Writer, int Kills, int Whole, int TemporaryFiles, IReadOnlyList<string> Failures)
{
    public override string ToString() =>
        $"{Writer}: {Kills} kills, {Whole} times a whole file, {TemporaryFiles} temporary files left (kills within a write), "
            + $"{Failures.Count} failures";
}
