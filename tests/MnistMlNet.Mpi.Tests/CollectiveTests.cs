using System.Text.RegularExpressions;

namespace MnistMlNet.Mpi.Tests;

/// <summary>Sums, broadcasts and gathers. Each rank compares with what it computes alone, and prints a hash of the bits.</summary>
public sealed partial class CollectiveTests(Hosts hosts) : IClassFixture<Hosts>
{
    [MpiTheory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public void Sum_OnOneToFourRanks_GivesTheSameBits(string mpi)
    {
        string[] sums = [.. Enumerable.Range(1, 4).Select(ranks => Sums(mpi, ranks, null))];

        Assert.Equal(Enumerable.Repeat(sums[0], 4), sums);
    }

    [MpiTheory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public void Sum_OnTwoHosts_GivesTheBitsOfOneProcess(string mpi)
    {
        string alone = Sums(mpi, 1, null);

        Assert.Equal(alone, Sums(mpi, 2, hosts.Name));
        Assert.Equal(alone, Sums(mpi, 4, hosts.Name));
    }

    [MpiTheory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public void BroadcastAndGather_OnOneToFourRanks_CopyEachByte(string mpi)
    {
        for (int ranks = 1; ranks <= 4; ranks++)
        {
            string output = RankProcesses.Run(mpi, ranks, ["copies"], ranks % 2 == 0 ? hosts.Name : null);

            Assert.Equal(ranks, Regex.Count(output, $"of {ranks} with .*: copies right"));
            Assert.Contains(mpi == "mpich" ? "MPICH" : "Open MPI", output, StringComparison.Ordinal);
        }
    }

    [MpiTheory]
    [InlineData("openmpi")]
    [InlineData("mpich")]
    public void Sum_CalledAgain_AllocatesNothing(string mpi)
    {
        string output = RankProcesses.Run(mpi, 2, ["allocations"]);

        Assert.Equal(2, Regex.Count(output, "allocates 0 bytes"));
    }

    /// <summary>The bits of all sums, one line a length; all divisions of the blocks among the ranks must agree on them.</summary>
    private static string Sums(string mpi, int ranks, string? hosts)
    {
        string output = RankProcesses.Run(mpi, ranks, ["sums"], hosts);
        Match[] sums = [.. Line().Matches(output).Cast<Match>()];

        Assert.Equal(11 * 4 * ranks, sums.Length);
        Assert.All(sums, sum => Assert.Equal("right", sum.Groups[3].Value));
        return string.Join('\n', sums.Select(sum => $"{sum.Groups[1]} {sum.Groups[2]}").Distinct().Order());
    }

    [GeneratedRegex(@"length (\d+) division \w+ sum (\w+) (\w+)")]
    private static partial Regex Line();
}
