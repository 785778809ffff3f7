namespace MnistMlNet.Tests;

public sealed class RandomOrderTests
{
    private static readonly string[] s_names = [.. Enumerable.Range(0, 20).Select(i => $"Test{i}")];

    [Fact]
    public void Of_WithoutASeed_KeepsTheOrder() => Assert.Equal(s_names, Order(null));

    [Fact]
    public void Of_OneSeed_GivesOneOrderWhateverTheOrderBefore()
    {
        Assert.Equal(Order(7), RandomOrder.Of(s_names.Reverse(), name => name, 7));
        Assert.Equal(s_names.Order(), Order(7).Order());
    }

    [Fact]
    public void Of_TwentySeeds_GiveTwentyOrders() =>
        Assert.Equal(20, Enumerable.Range(0, 20).Select(seed => string.Join(' ', Order(seed))).Distinct().Count());

    [Theory]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("-3", -3)]
    public void Parse_AWholeNumberOrNothing_IsTheSeed(string? text, int? seed) => Assert.Equal(seed, RandomOrder.Parse(text));

    [Theory]
    [InlineData("seven")]
    [InlineData("1.5")]
    public void Parse_AnythingElse_IsRefused(string text) => Assert.Equal(
        $"MNISTMLNET_TEST_ORDER_SEED is '{text}', but must be a whole number, such as 7, or be left unset.",
        Assert.Throws<InvalidOperationException>(() => RandomOrder.Parse(text)).Message);

    private static IEnumerable<string> Order(int? seed) => RandomOrder.Of(s_names, name => name, seed);
}
