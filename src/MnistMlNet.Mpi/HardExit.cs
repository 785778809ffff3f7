using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace MnistMlNet.Mpi;

/// <summary>Ends the process although another thread waits in MPI, where neither exceptions nor the runtime's shutdown reach it.</summary>
internal static partial class HardExit
{
    /// <summary>The exit code of a rank that fails, and of those that it ends.</summary>
    public const int Failed = 1;

    /// <summary>The exit code of a rank that has lost another one: by Kubeflow's convention one with which a restart may help.</summary>
    public const int LostRank = 138;

    /// <summary>Ends the process without any handler, finalizer or flush of buffers.</summary>
    [DoesNotReturn]
    public static void Now(int exitCode)
    {
        if (OperatingSystem.IsWindows())
        {
            TerminateProcess(-1, (uint)exitCode);                           // -1: this process
        }
        else
        {
            ExitNow(exitCode);
        }

        Environment.FailFast("The process could not be ended.");
    }

    [LibraryImport("libc", EntryPoint = "_exit")]
    private static partial void ExitNow(int exitCode);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool TerminateProcess(nint process, uint exitCode);
}
