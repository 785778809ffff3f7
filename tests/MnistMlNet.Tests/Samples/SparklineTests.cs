using System.Text;
using DigitRecognition;

namespace MnistMlNet.Tests.Samples;

public sealed class SparklineTests
{
    [Fact]
    public void Eight_equal_steps_are_the_eight_heights()
    {
        Assert.Equal("▁▂▃▄▅▆▇█", Sparkline.Of([0, 1, 2, 3, 4, 5, 6, 7], 20, isAscii: false));
        Assert.Equal("_.:-=+*#", Sparkline.Of([0, 1, 2, 3, 4, 5, 6, 7], 20, isAscii: true));
    }

    [Fact]
    public void Equal_values_and_a_single_one_are_low()
    {
        Assert.Equal("▁▁▁", Sparkline.Of([2, 2, 2], 20, isAscii: false));
        Assert.Equal("▁", Sparkline.Of([2], 20, isAscii: false));
    }

    // Means of three: 1, 0.5, 0.
    [Fact]
    public void More_values_than_columns_are_averaged() =>
        Assert.Equal("█▅▁", Sparkline.Of([1.5, 1, 0.5, 0.7, 0.5, 0.3, 0, 0, 0], 3, isAscii: false));

    [Theory]
    [InlineData(40, false)]
    [InlineData(40, true)]
    [InlineData(80, false)]
    [InlineData(26, false)]
    public void The_line_of_the_loss_fits_into_the_terminal(int width, bool isAscii)
    {
        double[] losses = [.. Enumerable.Range(1, 200).Select(epoch => 0.5 / epoch)];

        string line = LossLine.Of(losses, width, isPlain: false, isAscii);

        Assert.StartsWith(isAscii ? "loss  #" : "loss  █", line, StringComparison.Ordinal);
        Assert.EndsWith("  0.5000 to 0.0025", line, StringComparison.Ordinal);
        Assert.InRange(line.Length, 1, width);
    }

    [Fact]
    public void A_file_gets_the_numbers_alone() =>
        Assert.Equal("loss  0.5000 to 0.1000", LossLine.Of([0.5, 0.2, 0.1], 160, isPlain: true, isAscii: false));

    [Fact]
    public void A_terminal_without_the_characters_gets_similar_ones()
    {
        var ascii = Encoding.GetEncoding("us-ascii", new AsciiFallback(), DecoderFallback.ReplacementFallback);

        Assert.Equal("==-- ##| \"_ . - ??", ascii.GetString(ascii.GetBytes("━━── ██▍ ▀▄ · – é漢")));
    }
}
