namespace MnistMlNet.Mpi.Tests;

/// <summary>A theory that starts ranks: where Open MPI or MPICH isn't installed it is skipped, visibly and with the reason.</summary>
/// <remarks>With the environment variable MNISTMLNET_NO_SKIP=1, as a complete run sets it, it isn't skipped, and fails instead.</remarks>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class MpiTheoryAttribute : TheoryAttribute
{
    private static readonly string? s_missing =
        Array.Find(["mpirun.openmpi", "mpiexec.hydra"], command => !File.Exists("/usr/bin/" + command));

    public MpiTheoryAttribute()
    {
        if (s_missing is not null && Environment.GetEnvironmentVariable("MNISTMLNET_NO_SKIP") != "1")
        {
            Skip = $"Needs {s_missing}: apt-get install openmpi-bin mpich iproute2";
        }
    }
}
