using System.Runtime.InteropServices;

namespace MnistMlNet.Benchmarks.Measuring;

/// <summary>The processor time of the calling thread on Linux. Unlike wall clock, its minimum holds on a busy machine.</summary>
internal static partial class ThreadClock
{
    /// <summary>CLOCK_THREAD_CPUTIME_ID.</summary>
    private const int ThisThread = 3;

    public static double Seconds => GetTime(ThisThread, out TimeValue time) == 0
        ? time.Seconds + 1e-9 * time.Nanoseconds
        : throw new InvalidOperationException("This system has no clock for the processor time of a thread.");

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int GetTime(int clock, out TimeValue time);

    private readonly struct TimeValue
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
