using System.Diagnostics;

namespace MnistMlNet.Mpi.Tests;

/// <summary>A rank that fails, is killed, is stopped or loses its network ends all ranks within ten seconds, with a message.</summary>
public sealed class FaultTests(Hosts hosts) : IClassFixture<Hosts>
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);

    [MpiTheory]
    [InlineData("openmpi", 0)]
    [InlineData("openmpi", 2)]
    [InlineData("mpich", 0)]
    [InlineData("mpich", 2)]
    public void Throw_InOneRank_EndsAllWithItsMessage(string mpi, int rank)
    {
        using RankProcesses processes = RankProcesses.Start(mpi, 3, ["throw", $"{rank}"], hosts.Name);

        Assert.NotEqual(0, processes.End(TimeSpan.FromMinutes(2)));        // the start of the processes included
        Assert.Contains($"MnistMlNet.Mpi: rank {rank} on host ", processes.Output, StringComparison.Ordinal);
        Assert.Contains("System.IO.InvalidDataException: a message for the test", processes.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(" is lost", processes.Output, StringComparison.Ordinal);
    }

    [MpiTheory]
    [InlineData("openmpi", 0, true)]
    [InlineData("openmpi", 1, true)]
    [InlineData("openmpi", 2, false)]
    [InlineData("mpich", 0, true)]
    [InlineData("mpich", 1, true)]
    [InlineData("mpich", 2, false)]
    public void Kill_OfOneRank_EndsAllAndNamesIt(string mpi, int rank, bool onHosts)
    {
        using RankProcesses processes = RankProcesses.Start(mpi, 3, ["wait"], onHosts ? hosts.Name : null);
        Process[] ranks = processes.Ranks(3);

        ranks[rank].Kill();

        AssertEnded(ranks);
        Assert.NotEqual(0, processes.End(s_limit));
        Assert.Matches($"rank {rank} on host \\S+ (is lost: its process has ended|ended with exit code 137)", processes.Output);
    }

    [MpiTheory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public void Network_Cut_EndsAllOnBothSidesAndNamesTheLostRank(string mpi)
    {
        using var separate = new Hosts();
        using RankProcesses processes = RankProcesses.Start(mpi, 2, ["wait"], separate.Name);
        Process[] ranks = processes.Ranks(2);

        if (separate.Name is null)
        {
            Assert.Equal(0, Command.Run("/bin/kill", "-STOP", $"{ranks[1].Id}"));
        }
        else
        {
            separate.Cut();
        }

        AssertEnded(separate.Name is null ? ranks[..1] : ranks);
        Assert.Matches("rank 1 on host \\S+ is lost: nothing was heard from it for 5 seconds", processes.Output);
        if (mpi == "openmpi")                                               // mpiexec of MPICH waits for the lost host, see the page
        {
            Assert.NotEqual(0, processes.End(s_limit));
        }
    }

    [MpiTheory]
    [InlineData("openmpi")]
    public void End_OfOneRankWhileOthersWait_EndsAllAndNamesIt(string mpi)
    {
        using RankProcesses processes = RankProcesses.Start(mpi, 2, ["leave"], null, (RankMonitor.Variable, "3"));

        Assert.NotEqual(0, processes.End(TimeSpan.FromMinutes(2)));
        Assert.Matches("rank 0 on host \\S+ has come to its end, while rank 1 on host \\S+ waits in a call", processes.Output);
    }

    private static void AssertEnded(Process[] ranks)
    {
        var watch = Stopwatch.StartNew();
        foreach (Process rank in ranks)
        {
            TimeSpan left = s_limit - watch.Elapsed;
            Assert.True(rank.WaitForExit(left > TimeSpan.Zero ? left : TimeSpan.Zero), $"Process {rank.Id} still runs.");
        }
    }
}
