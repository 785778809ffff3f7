using System.Buffers.Text;
using Microsoft.Win32.SafeHandles;

namespace MnistMlNet.Primitives;

/// <summary>The load of the whole machine, other processes included.</summary>
/// <remarks>Only Linux reports the current number of runnable threads, at little cost (about 2 µs a reading). On other systems the
/// load is unknown.</remarks>
internal static class ProcessorLoad
{
    private static readonly SafeFileHandle? s_load = Open("/proc/loadavg");

    /// <summary>Gets the number of processors of the machine, including those that this process may not use; 0 where it is unknown.
    /// </summary>
    public static int Processors { get; } = CountOnline("/sys/devices/system/cpu/online");

    /// <summary>Processors minus runnable threads, the calling one included: negative if there are more runnable threads than processors;
    /// null where the system doesn't report it.</summary>
    public static int? ReadFree()
    {
        if (s_load is null || Processors == 0)
        {
            return null;
        }

        Span<byte> text = stackalloc byte[128];
        try
        {
            return ParseRunnable(text[..RandomAccess.Read(s_load, text, 0)]) is { } runnable ? Processors - runnable : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The number before the slash of <c>0.20 0.18 0.12 3/123 8338</c>.</summary>
    internal static int? ParseRunnable(ReadOnlySpan<byte> text)
    {
        int slash = text.IndexOf((byte)'/');
        ReadOnlySpan<byte> before = slash < 0 ? default : text[..slash];
        before = before[(before.LastIndexOf((byte)' ') + 1)..];
        return Utf8Parser.TryParse(before, out int count, out int read) && read == before.Length ? count : null;
    }

    /// <summary>The number of processors in a list such as <c>0-3,8</c>; 0 if the text isn't such a list.</summary>
    internal static int ParseOnline(string list)
    {
        int count = 0;
        foreach (string range in list.Trim().Split(','))
        {
            string[] ends = range.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], out int first) || !int.TryParse(ends[^1], out int last) || last < first)
            {
                return 0;
            }

            count += last - first + 1;
        }

        return count;
    }

    private static SafeFileHandle? Open(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? File.OpenHandle(path, share: FileShare.ReadWrite) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static int CountOnline(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? ParseOnline(File.ReadAllText(path)) : 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
