using MnistMlNet.Tests.Trust.Killing;

namespace MnistMlNet.Tests.Trust;

/// <summary>
/// Processes killed while they write: the path holds the old file or the new one. docs/trust.md has 200 kills of the same.
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

        // A kill leaves one temporary file at most: nothing else was written beside the path.
        Assert.InRange(report.TemporaryFiles, 0, Kills);
    }
}
