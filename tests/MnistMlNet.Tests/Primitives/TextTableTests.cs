using MnistMlNet.Primitives;

namespace MnistMlNet.Tests.Primitives;

public sealed class TextTableTests
{
    [Fact]
    public void Format_MoreThanTwentyRows_ShowsTwentyAndTheNumberOfTheOthers()
    {
        string[] lines = TextTable.Format(
            ["name", "value"], [.. Enumerable.Range(0, 50).Select(i => new[] { $"row {i}", "1" })], ["last", "2"]).Split('\n');

        Assert.Equal(23, lines.Length);
        Assert.Equal("name    value", lines[0]);
        Assert.Equal("row 19      1", lines[20]);
        Assert.Equal("… and 30 more", lines[21]);
        Assert.Equal("last        2", lines[22]);
    }

    [Fact]
    public void Format_LongNamesAndControlCharacters_StayOnTheirLineWithinFortyCharacters()
    {
        string[] lines = TextTable.Format(["name", "value"], [[new string('x', 100), "1"], ["a\nb", "22"]]).Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.Equal(new string('x', 39) + "…      1", lines[1]);
        Assert.Equal("a\\u000ab" + new string(' ', 32) + "     22", lines[2]);
    }
}
