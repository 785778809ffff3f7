using System.Runtime.InteropServices;
using System.Text;

namespace MnistMlNet.Mpi;

/// <summary>Messages on the standard error stream, as fast as possible: the launcher may kill this process some milliseconds after another
/// rank. The console of .NET takes longer for its first message.</summary>
internal static unsafe partial class ErrorOutput
{
    public static byte[] Line(string message) => Encoding.UTF8.GetBytes($"MnistMlNet.Mpi: {message}\n");

    public static void Write(string message) => Write(Line(message));

    /// <summary>Writes a finished line.</summary>
    public static void Write(byte[] line)
    {
        if (OperatingSystem.IsWindows())
        {
            using Stream stream = Console.OpenStandardError();
            stream.Write(line);
            return;
        }

        fixed (byte* start = line)
        {
            for (nint written = 0; written < line.Length;)
            {
                nint count = WriteTo(2, start + written, line.Length - written);
                if (count < 0)
                {
                    return;                                                 // nobody reads it
                }

                written += count;
            }
        }
    }

    /// <summary>Compiles all that a message needs.</summary>
    public static void Prepare()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = WriteTo(2, null, 0);
        }

        Write([]);
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint WriteTo(int file, byte* data, nint count);
}
