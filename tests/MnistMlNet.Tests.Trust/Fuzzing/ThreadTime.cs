using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>
/// The time that the current thread has worked: on Linux its processor time, so that other processes on the machine don't count; elsewhere
/// the clock's time.
/// </summary>
internal static class ThreadTime
{
    /// <summary>CLOCK_THREAD_CPUTIME_ID of Linux's time.h.</summary>
    private const int ThreadProcessorTime = 3;

    public static TimeSpan Now => OperatingSystem.IsLinux() && clock_gettime(ThreadProcessorTime, out TimeSpec time) == 0
        ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
        : Stopwatch.GetElapsedTime(0);

    [DllImport("libc", ExactSpelling = true)]
    private static extern int clock_gettime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct TimeSpec
    {
        public readonly nint Seconds;

        public readonly nint Nanoseconds;
    }
}
