using System.Diagnostics;
using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Trust.Killing;

/// <summary>Kills processes while they write.</summary>
internal static class KillRun
{
    private const int MaxDelayMilliseconds = 40;

    public static KillReport Run(AtomicWriter writer, int kills, int seed)
    {
        var random = new Random(seed);
        string folder = Directory.CreateTempSubdirectory("mnistmlnet-kill-").FullName, path = Path.Combine(folder, "model." + writer.Name);
        var failures = new List<string>();
        int whole = 0;
        try
        {
            for (int kill = 0; kill < kills; kill++)
            {
                KillOnce(writer, path, random.Next(MaxDelayMilliseconds));
                try
                {
                    whole += writer.NumberIn(path) is 1 or 2 ? 1 : 0;
                }
                catch (Exception e)
                {
                    failures.Add($"After kill {kill}: {e.Message}");
                }
            }

            string[] others = [
                .. Directory.GetFileSystemEntries(folder).Where(entry => entry != path).Select(entry => Path.GetFileName(entry)!)];
            string[] temporary = [.. others.Where(name =>
                name.StartsWith(AtomicFile.TemporaryPrefix, StringComparison.Ordinal) && name.EndsWith(".tmp", StringComparison.Ordinal))];
            failures.AddRange(others.Except(temporary).Select(name => $"'{name}' was left."));

            // Remaining files don't prevent the next write.
            writer.Write(AtomicWriter.Network(3), path);
            if (writer.NumberIn(path) != 3)
            {
                failures.Add("The next file isn't what was written.");
            }

            return new KillReport(writer.Name, kills, whole, temporary.Length, failures);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void KillOnce(AtomicWriter writer, string path, int delay)
    {
        using Process process = TrustProcess.Start("write-forever", writer.Name, path);
        if (process.StandardOutput.ReadLine() != "ready")
        {
            process.WaitForExit();
            throw new InvalidOperationException($"The writing process ended with {process.ExitCode}.");
        }

        Thread.Sleep(delay);
        process.Kill();                                                        // SIGKILL on Unix, TerminateProcess on Windows
        process.WaitForExit();
    }
}
