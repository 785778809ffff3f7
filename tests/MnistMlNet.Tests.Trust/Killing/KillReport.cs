namespace MnistMlNet.Tests.Trust.Killing;

/// <summary>What a series of kills left behind.</summary>
/// <param name="Whole">Kills after which the path held a whole file, the old one or the new one.</param>
/// <param name="TemporaryFiles">Temporary files left beside it: a kill within the writing leaves one.</param>
/// <param name="Failures">What was torn, or lay there without being expected.</param>
internal sealed record KillReport(string Writer, int Kills, int Whole, int TemporaryFiles, IReadOnlyList<string> Failures)
{
    public override string ToString() =>
        $"{Writer}: {Kills} kills, {Whole} times a whole file, {TemporaryFiles} temporary files left (kills within a write), "
            + $"{Failures.Count} failures";
}
