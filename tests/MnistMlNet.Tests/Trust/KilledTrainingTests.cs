using System.Diagnostics;
using MnistMlNet.Tests.Trust.Killing;

namespace MnistMlNet.Tests.Trust;

/// <summary>A process that is killed, without any chance to tidy up, loses at most the epochs since its last checkpoint.</summary>
public sealed class KilledTrainingTests : IDisposable
{
    private const int MostKills = 3;

    /// <summary>Trainings that may end before this process, on a busy machine, comes to kill them.</summary>
    private const int MostMisses = 50;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_training_that_is_killed_again_and_again_ends_with_the_bytes_of_one_that_was_not()
    {
        string checkpoint = _folder.File("killed.checkpoint");
        using (Process whole = TrustProcess.Start("train", _folder.File("whole.checkpoint"), _folder.File("whole.bin")))
        {
            End(whole);
        }

        // At a moment that no seed chooses: when the process has got as far as a random size of its checkpoint.
        var random = new Random(Environment.ProcessId);
        int kills = 0, misses = 0;
        while (!File.Exists(_folder.File("killed.bin")))
        {
            using Process process = TrustProcess.Start("train", checkpoint, _folder.File("killed.bin"));
            if (kills == MostKills)
            {
                End(process);
                break;
            }

            long size = Length(checkpoint);
            // Only the file tells how far another process is; a kill shortly after it grew falls into the next epoch, or into its writing.
            while (!process.HasExited && Length(checkpoint) <= size)
            {
                Thread.Sleep(random.Next(1, 4));
            }

            Thread.Sleep(misses == 0 ? random.Next(40) : 0);
            if (!process.HasExited)
            {
                process.Kill();                                                    // SIGKILL
                kills++;
            }

            process.WaitForExit();
            Assert.True(process.ExitCode is 0 or 137, $"The child process ended with {process.ExitCode}.");   // 128 + SIGKILL
            if (kills == 0)
            {
                // It was done before it could be killed, which shows nothing: once more from the start.
                Assert.True(++misses < MostMisses, $"{misses} trainings ended before they could be killed.");
                File.Delete(checkpoint);
                File.Delete(_folder.File("killed.bin"));
            }
        }

        Assert.InRange(kills, 1, MostKills);
        Assert.Equal(File.ReadAllBytes(_folder.File("whole.bin")), File.ReadAllBytes(_folder.File("killed.bin")));
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static void End(Process process)
    {
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"The child process ended with {process.ExitCode}: {output}");
    }
}
