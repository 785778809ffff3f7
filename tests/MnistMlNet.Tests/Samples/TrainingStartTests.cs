using DigitRecognition;
using MnistMlNet.Tests.Reporting;

namespace MnistMlNet.Tests.Samples;

public sealed class TrainingStartTests(ReportRun run) : IClassFixture<ReportRun>
{
    [Fact]
    public void The_trainers_start_message_is_parsed()
    {
        Assert.NotNull(run.Start);
        Assert.Equal((600, 8), (run.Start.Rows, run.Start.Epochs));
        Assert.InRange(run.Start.Threads, 1, Environment.ProcessorCount);
        Assert.Contains(run.Start.Tier, new[] { "Scalar", "Vector128", "Vector256", "Vector512" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("Epoch 1/20: loss 0.3058, training accuracy 91.06 %, 0.51 s")]
    public void Other_messages_are_not_recognized(string message) => Assert.Null(TrainingStart.Parse(message));
}
