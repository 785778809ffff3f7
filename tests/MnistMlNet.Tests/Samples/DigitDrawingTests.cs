using DigitRecognition;

namespace MnistMlNet.Tests.Samples;

public sealed class DigitDrawingTests
{
    [Fact]
    public void Two_rows_of_pixels_are_one_line_of_half_blocks() =>
        Assert.Equal(["▀▄█ ", " ██ "], DigitDrawing.Lines(
            [
                255, 0, 255, 0,
                0, 255, 255, 0,
                0, 255, 255, 0,
                0, 255, 255, 0,
            ],
            greys: false));

    [Fact]
    public void Greys_are_the_upper_pixel_in_front_of_the_lower_one() =>
        Assert.Equal(
            ["[rgb(1,1,1) on rgb(3,3,3)]▀[/][rgb(2,2,2) on rgb(4,4,4)]▀[/]"],
            DigitDrawing.Lines([1, 2, 3, 4], greys: true));

    [Fact]
    public void A_digit_of_MNIST_is_24_wide_and_12_high_so_that_three_fit_into_80_columns()
    {
        Assert.Equal(24, DigitDrawing.Width(new float[784]));
        Assert.Equal(Enumerable.Repeat(new string(' ', 24), 12), DigitDrawing.Lines(new float[784], greys: false));
    }
}
