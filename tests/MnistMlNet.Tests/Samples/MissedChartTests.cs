using DigitRecognition;

namespace MnistMlNet.Tests.Samples;

public sealed class MissedChartTests
{
    [Fact]
    public void The_worst_class_has_the_longest_bar_and_the_others_their_share_of_it() => Assert.Equal(
        [
            " a     1 of      8  12.5 %  [yellow]██████████[/]",
            " b     2 of      4  50.0 %  [yellow]████████████████████████████████████████[/]",
            "[[c     0 of      0   0.0 %  [yellow][/]",
            " d     0 of      5   0.0 %  [yellow][/]",
            " e     1 of     64   1.6 %  [yellow]█▎[/]",
        ],
        MissedChart.Lines([[7, 1, 0, 0, 0], [2, 2, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 5, 0], [0, 0, 1, 0, 63]],
            ["a", "b", "[c", "d", "e"], width: 80));

    [Theory]
    [InlineData(40, 13)]
    [InlineData(30, 3)]
    [InlineData(20, 0)]
    public void The_longest_bar_ends_at_the_terminals_width(int width, int bar)
    {
        string[] lines = MissedChart.Lines([[950, 50], [0, 1000]], ["0", "1"], width);

        Assert.Equal($"0    50 of   1000   5.0 %  [yellow]{new string('█', bar)}[/]", lines[0]);
    }
}
