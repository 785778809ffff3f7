namespace MnistMlNet.Mpi.Tests;

/// <summary>No MPI, or one that doesn't belong to the launcher.</summary>
public sealed class InstallationTests
{
    [Fact]
    public void Load_WithoutMpi_SaysWhatToInstall()
    {
        var missing = Assert.Throws<DllNotFoundException>(() => MpiLibrary.Load(null, ["libmissing.so.1", "libmissing.so.2"]));

        Assert.Contains("looked for libmissing.so.1, libmissing.so.2", missing.Message, StringComparison.Ordinal);
        Assert.Contains("apt-get install openmpi-bin", missing.Message, StringComparison.Ordinal);
        Assert.Contains("dnf install openmpi", missing.Message, StringComparison.Ordinal);
        Assert.Contains("brew install open-mpi", missing.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("libmissing.so.1")]
    [InlineData("libc.so.6")]
    public void Load_OfANamedLibraryThatIsNotMpi_SaysSo(string name)
    {
        var missing = Assert.Throws<DllNotFoundException>(() => MpiLibrary.Load(name, ["libmpi.so.40"]));

        Assert.Contains($"MNISTMLNET_MPI_LIBRARY is '{name}'", missing.Message, StringComparison.Ordinal);
    }

    [MpiTheory]
    [InlineData("openmpi", "libmpich.so.12")]
    [InlineData("mpich", "libmpi.so.40")]
    public void Initialize_WithTheLibraryOfAnotherLauncher_SaysSo(string mpi, string library)
    {
        using RankProcesses processes = RankProcesses.Start(mpi, 2, ["copies"], null, (MpiLibrary.Variable, library));

        Assert.NotEqual(0, processes.End(TimeSpan.FromMinutes(2)));
        Assert.Contains("The launcher started 2 processes, but " + library, processes.Output, StringComparison.Ordinal);
    }
}
