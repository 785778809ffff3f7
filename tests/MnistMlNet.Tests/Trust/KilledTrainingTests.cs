using System.Diagnostics;
using System.Globalization;
using MnistMlNet.Tests.Trust.Killing;

namespace MnistMlNet.Tests.Trust;

/// <summary>A process that is killed, without any chance to clean up, loses at most the epochs since its last checkpoint.</summary>
public sealed class KilledTrainingTests : IDisposable
{
    /// <summary>
    /// The epochs in which the training is killed: while it waits before it writes the checkpoint, or just after it was allowed to
    /// continue, while it writes it or trains the next epoch. It waits in each epoch, so it can't end before.
    /// </summary>
    private static readonly (int Epoch, bool GoesOn)[] s_kills =
        [(1, false), (2, true), (3, false), (20, true), (21, true), (22, true), (58, false), (59, true)];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_training_that_is_killed_again_and_again_ends_with_the_bytes_of_one_that_was_not()
    {
        string checkpoint = _folder.File("killed.checkpoint"), result = _folder.File("killed.bin");
        using (Process whole = Start(_folder.File("whole.checkpoint"), _folder.File("whole.bin")))
        {
            Assert.Equal(1, await TrainTo(whole, KillableTraining.Epochs));
            End(whole);
        }

        int earliest = 1, latest = 1;
        foreach ((int epoch, bool goesOn) in s_kills)
        {
            using Process process = Start(checkpoint, result);
            Assert.InRange(await TrainTo(process, epoch), earliest, latest);
            if (goesOn)
            {
                process.StandardInput.WriteLine();
            }

            process.Kill();                                                        // SIGKILL
            ChildProcess.End(process);
            Assert.NotEqual(0, process.ExitCode);
            Assert.False(File.Exists(result));

            // The previous epoch had its checkpoint; this one may have one.
            (earliest, latest) = (epoch, goesOn ? epoch + 1 : epoch);
        }

        using Process last = Start(checkpoint, result);
        Assert.InRange(await TrainTo(last, KillableTraining.Epochs), earliest, latest);
        End(last);

        Assert.Equal(File.ReadAllBytes(_folder.File("whole.bin")), File.ReadAllBytes(result));
    }

    private static Process Start(string checkpoint, string result) => TrustProcess.Start("train", checkpoint, result);

    /// <summary>Lets a training continue until it waits in the given epoch.</summary>
    /// <returns>The first epoch of the run.</returns>
    private static async Task<int> TrainTo(Process process, int epoch)
    {
        for (int? first = null; ; process.StandardInput.WriteLine())
        {
            string? line = await Waiting.For(process.StandardOutput.ReadLineAsync(), $"the training to come to epoch {epoch}");
            Assert.True(line is not null, $"The training ended before epoch {epoch}.");
            int now = int.Parse(line, CultureInfo.InvariantCulture);
            first ??= now;
            if (now >= epoch)
            {
                Assert.Equal(epoch, now);
                return first.Value;
            }
        }
    }

    private static void End(Process process)
    {
        process.StandardInput.WriteLine();
        string output = ChildProcess.End(process).Output;
        Assert.True(process.ExitCode == 0, $"The child process ended with {process.ExitCode}: {output}");
    }
}
