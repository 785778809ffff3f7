using System.Runtime.InteropServices;

namespace MnistMlNet.Mpi;

/// <summary>The binary interfaces (ABI) of MPI libraries: they differ in the values of handles and constants.</summary>
internal enum MpiAbi
{
    /// <summary>Handles are pointers to global objects of the library.</summary>
    OpenMpi,

    /// <summary>Handles are 32-bit integers: MPICH, Intel MPI, MVAPICH, Cray MPICH, MS-MPI.</summary>
    Mpich,

    /// <summary>Handles are small constants, which the standard defines from MPI 5.0 on.</summary>
    Standard,
}

/// <summary>Finds the installed MPI library and its ABI.</summary>
internal static unsafe class MpiLibrary
{
    /// <summary>The environment variable that names the library: a file name or a path.</summary>
    public const string Variable = "MNISTMLNET_MPI_LIBRARY";

    /// <summary>Loads the library that <see cref="Variable"/> names, otherwise the first one that is installed.</summary>
    public static (nint Handle, string Name, MpiAbi Abi) Load() => Load(Environment.GetEnvironmentVariable(Variable), Candidates());

    /// <summary>Loads the named library, otherwise the first candidate that is installed.</summary>
    public static (nint Handle, string Name, MpiAbi Abi) Load(string? named, string[] candidates)
    {
        string[] names = string.IsNullOrEmpty(named) ? candidates : [named];
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint handle) && NativeLibrary.TryGetExport(handle, "MPI_Init_thread", out _))
            {
                return (handle, name, AbiOf(handle));
            }
        }

        throw new DllNotFoundException(string.IsNullOrEmpty(named)
            ? $"No MPI library found; looked for {string.Join(", ", names)}. Install Open MPI or MPICH on every host. Debian and Ubuntu: "
                + "apt-get install openmpi-bin, or mpich. RHEL and Fedora: dnf install openmpi, then module load mpi. macOS: brew install "
                + $"open-mpi. Windows: MS-MPI. Where it is in another place, set {Variable} to the path of the library."
            : $"{Variable} is '{named}', which can't be loaded as an MPI library. Give the name or the path of one, such as libmpi.so.40 "
                + "or libmpich.so.12, or remove the variable to search for the installed one.");
    }

    // Debian installs several implementations side by side. The one that belongs to the launcher is first: with another, each process
    // would be alone. Sonames: 40 is Open MPI 2 and later; 12 is MPICH, which Debian calls libmpich, and its relatives.
    private static string[] Candidates()
    {
        string[] openMpi = ["libmpi.so.40"], mpich = ["libmpich.so.12", "libmpi.so.12"];
        string[] others = ["libmpi_abi.so.1", "libmpi_abi.so.0", "libmpi.so"];
        if (OperatingSystem.IsMacOS())
        {
            openMpi = OnMac("libmpi.40.dylib");
            mpich = OnMac("libmpi.12.dylib");
            others = [.. OnMac("libmpi_abi.1.dylib"), .. OnMac("libmpi_abi.0.dylib"), .. OnMac("libmpi.dylib")];
        }
        else if (OperatingSystem.IsWindows())
        {
            (openMpi, mpich, others) = ([], ["msmpi.dll", "impi.dll"], ["mpi_abi.dll"]);
        }

        return Launcher.IsOfMpich ? [.. mpich, .. openMpi, .. others] : [.. openMpi, .. mpich, .. others];
    }

    // Homebrew's folder on Apple silicon isn't searched by the loader.
    private static string[] OnMac(string name) => [name, "/opt/homebrew/lib/" + name];

    private static MpiAbi AbiOf(nint handle)
    {
        if (NativeLibrary.TryGetExport(handle, "ompi_mpi_comm_world", out _))
        {
            return MpiAbi.OpenMpi;
        }

        // Also in libraries that have the function but another ABI; there it gives -1. It may be called before MPI_Init.
        int major = -1, minor = -1;
        return NativeLibrary.TryGetExport(handle, "MPI_Abi_get_version", out nint version)
            && ((delegate* unmanaged[Cdecl]<int*, int*, int>)version)(&major, &minor) == 0 && major >= 1
            ? MpiAbi.Standard : MpiAbi.Mpich;
    }
}
