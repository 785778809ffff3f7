using System.Globalization;

namespace MnistMlNet.Mpi;

/// <summary>What the environment variables of a process say about the launcher that started it.</summary>
internal static class Launcher
{
    // mpirun of Open MPI; mpiexec of MPICH, Intel MPI and MS-MPI, and srun with PMI; srun alone, which sets it for each step.
    private static readonly string[] s_sizes = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS"];

    // Launchers that speak PMIx, such as srun --mpi=pmix, give the rank only.
    private static readonly string[] s_ranks = ["OMPI_COMM_WORLD_RANK", "PMIX_RANK", "PMI_RANK"];

    /// <summary>Gets whether a launcher of MPI programs started this process.</summary>
    public static bool IsPresent => s_ranks.Any(IsSet) || ExpectedSize > 1;

    /// <summary>Gets whether the launcher belongs to MPICH or its relatives; Open MPI can't find its peers from it.</summary>
    public static bool IsOfMpich => !IsSet("OMPI_COMM_WORLD_RANK") && !IsSet("PMIX_RANK") && IsSet("PMI_RANK");

    /// <summary>Gets the number of processes that the launcher started; 0 where it doesn't say.</summary>
    public static int ExpectedSize => s_sizes.Where(IsSet).Select(name =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0)
        .FirstOrDefault();

    private static bool IsSet(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));
}
