using MnistMlNet.Tests.Trust.Killing;

namespace MnistMlNet.Tests.Trust;

/// <summary>
/// Processes killed while they write: the path holds the old file or the new one. docs/trust.md describes 200 kills of the same kind.
/// </summary>
public sealed class KilledWriterTests
{
    public static TheoryData<string> Writers => [.. AtomicWriter.All.Select(writer => writer.Name)];

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_process_killed_while_it_writes_leaves_the_old_file_or_the_new_one(string writer)
    {
        const int Kills = 5;                                                   // of each of the four writers: 20 in all

        KillReport report = KillRun.Run(AtomicWriter.Named(writer), Kills, seed: 1);

        Assert.Empty(report.Failures);
        Assert.Equal(Kills, report.Whole);

        // A kill leaves at most one temporary file: nothing else was written in the folder.
        Assert.InRange(report.TemporaryFiles, 0, Kills);
    }
}
