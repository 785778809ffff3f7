using DigitRecognition;
using Spectre.Console;

namespace MnistMlNet.Tests.Samples;

/// <summary>The tables of the test hold at the width of the terminal: nothing is wrapped, cut or missing.</summary>
public sealed class ConfusionTablesTests
{
    private const int Classes = 10;

    private static readonly string[] s_names = [.. Enumerable.Range(0, Classes).Select(digit => $"{digit}")];

    // Different numbers of four digits, so that each can be found.
    private static readonly double[][] s_counts =
        [.. Enumerable.Range(0, Classes).Select(truth => Enumerable.Range(0, Classes).Select(p => 1000.0 + (10 * truth) + p).ToArray())];

    [Theory]
    [InlineData(40)]
    [InlineData(50)]
    [InlineData(60)]
    [InlineData(79)]
    [InlineData(80)]
    [InlineData(120)]
    public void Every_count_is_there_once_and_no_line_is_longer_than_the_terminal(int width)
    {
        string[] lines = Lines(s_counts, width, TableBorder.Simple, padding: 0);

        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
        Assert.DoesNotContain(lines, line => line.Contains('…', StringComparison.Ordinal));
        string[] words = [.. lines.SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        for (int truth = 0; truth < Classes; truth++)
        {
            // Each row of the table ends where it has begun: with the name of its class.
            Assert.All(s_counts[truth], count => Assert.Single(words, $"{count:F0}"));
            Assert.All(
                lines.Where(line => s_counts[truth].Any(count => line.Contains($" {count:F0}", StringComparison.Ordinal))),
                line => Assert.StartsWith($" {truth} ", line, StringComparison.Ordinal));
        }

        Assert.Equal(Classes, words.Count(word => word == "as"));
    }

    // 100 of 150 zeros are read as zeros, and 100 of the 120 that are read as zeros are: 66.7 % and 83.3 %.
    // 180 of 200 ones are read as ones, and 180 of the 230 that are read as ones are: 90.0 % and 78.3 %.
    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    public void Recall_and_precision_are_those_of_the_class(int width)
    {
        double[][] counts = [.. s_counts.Select(_ => new double[Classes])];
        (counts[0][0], counts[0][1], counts[1][0], counts[1][1]) = (100, 50, 20, 180);

        string text = string.Join('\n', Lines(counts, width, TableBorder.Simple, padding: 0));

        Assert.All(["66.7%", "83.3%", "90.0%", "78.3%"], (string rate) => Assert.Equal(2, text.Split(rate).Length));
    }

    [Fact]
    public void A_class_without_images_has_no_recall_and_one_that_was_never_said_no_precision() => Assert.Equal(
        2, string.Concat(Lines([[5, 0], [0, 0]], 80, TableBorder.None, padding: 0)).Count(c => c == '–'));

    [Fact]
    public void A_file_has_one_table_of_Markdown()
    {
        string[] lines = [.. Lines(s_counts, 160, TableBorder.Markdown, padding: 1).Where(line => line.Length > 0)];

        Assert.Equal(Classes + 3, lines.Length);
        Assert.All(lines, line => Assert.Equal(Classes + 3, line.Count(c => c == '|')));
    }

    [Fact]
    public void A_line_that_is_too_long_ends_between_its_parts()
    {
        Assert.Equal(["a; b; c"], Screen.Joined(["a", "b", "c"], 40));
        Assert.Equal(["mnist_train.csv", "tested on mnist_test.csv", "32 hidden units"],
            Screen.Joined(["mnist_train.csv", "tested on mnist_test.csv", "32 hidden units"], 40));
        Assert.Equal(["[red]four[/]; five", "six"], Screen.Joined(["[red]four[/]", "five", "six"], 11));
    }

    [Theory]
    [InlineData(24, 40, 1)]
    [InlineData(24, 50, 2)]
    [InlineData(24, 76, 3)]
    [InlineData(24, 160, 3)]
    [InlineData(64, 40, 1)]
    public void As_many_drawings_as_fit_are_next_to_each_other(int drawing, int width, int count) =>
        Assert.Equal(count, Gallery.Fitting(drawing, width));

    private static string[] Lines(double[][] counts, int width, TableBorder border, int padding)
    {
        using StringWriter text = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = width;
        foreach (Table table in ConfusionTables.Of(counts, s_names[..counts.Length], width, border, padding))
        {
            console.Write(table);
        }

        return [.. text.ToString().Split('\n').Select(line => line.TrimEnd())];
    }
}
