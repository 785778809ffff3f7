using DigitRecognition;
using Spectre.Console;

namespace MnistMlNet.Tests.Samples;

public sealed class LiveLineTests
{
    [Fact]
    public void It_gives_loss_accuracy_speed_and_time_left()
    {
        // The last epoch took 0.5 s; five took 2 s, so the other fifteen are expected to take 6 s.
        string line = Plain(LiveLine.Of(Epoch(5, 2), TimeSpan.FromSeconds(1.5), 100));

        Assert.StartsWith("5/20  ━━━", line, StringComparison.Ordinal);
        Assert.EndsWith("loss 0.1007  training accuracy 96.99 %  120 k samples/s  6 s left", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quarter_of_the_epochs_is_a_quarter_of_the_bar()
    {
        string line = Plain(LiveLine.Of(Epoch(5, 2), TimeSpan.Zero, 200));

        Assert.Equal((6, 18), (line.Count(c => c == '━'), line.Count(c => c == '─')));
    }

    [Fact]
    public void It_keeps_to_the_terminals_width()
    {
        for (int width = 30; width <= 120; width++)
        {
            string line = Plain(LiveLine.Of(Epoch(19, 5000), TimeSpan.FromSeconds(4700), width));
            Assert.True(line.Length <= width, $"{line.Length} of {width}: {line}");
        }
    }

    // A terminal of 40 columns, without those of the spinner.
    [Fact]
    public void A_narrow_terminal_has_the_training_accuracy() => Assert.Equal(
        "19/20  training accuracy 96.99 %", Plain(LiveLine.Of(Epoch(19, 5000), TimeSpan.FromSeconds(4700), 37)));

    [Fact]
    public void An_epoch_that_no_trainer_made_shows_neither_speed_nor_time_left() => Assert.Equal(
        "epoch 5  loss 0.1007  training accuracy 96.99 %",
        LiveLine.Of(Epoch(5, 2) with { TotalEpochs = null, RowCount = null }, TimeSpan.Zero, 79));

    [Theory]
    [InlineData(60_000, 0.25, "240 k samples/s")]
    [InlineData(150, 0.01, "15 k samples/s")]
    [InlineData(150, 1, "150 samples/s")]
    [InlineData(60_000, 0.04, "1.5 M samples/s")]
    public void Speed_has_three_figures(long rows, double seconds, string expected) =>
        Assert.Equal(expected, LiveLine.Speed(rows, TimeSpan.FromSeconds(seconds)));

    private static TrainingEpoch Epoch(int number, double seconds) =>
        new(number, 0.1007, 0.9699, null, null, 0.001f, TimeSpan.FromSeconds(seconds)) { TotalEpochs = 20, RowCount = 60_000 };

    private static string Plain(string markup) => Markup.Remove(markup);
}
