using MnistMlNet.Network;

namespace MnistMlNet.Tests.Network;

/// <summary>Groups of panels, and which rank owns which.</summary>
public sealed class PanelGroupsTests
{
    [Theory]
    [InlineData(10, 1)]
    [InlineData(64, 1)]
    [InlineData(65, 2)]
    [InlineData(800, 13)]
    [InlineData(4096, 64)]
    [InlineData(100_000, 64)]
    public void The_groups_have_all_panels_once_in_their_order(int hiddenUnits, int count)
    {
        var layout = new PanelLayout(3, hiddenUnits);
        var groups = new PanelGroups(layout);

        Assert.Equal(count, groups.Count);
        Assert.Equal(
            Enumerable.Range(0, layout.PanelCount),
            Enumerable.Range(0, groups.Count).SelectMany(g => Range(groups.PanelsOf(g).First, groups.PanelsOf(g).End)));
        Assert.Equal(
            Enumerable.Range(0, hiddenUnits),
            Enumerable.Range(0, groups.Count).SelectMany(g => Range(
                groups.UnitsOf(g).First, groups.UnitsOf(g).First + groups.UnitsOf(g).Count)));
    }

    [Theory]
    [InlineData(800, 2, new[] { 0, 6, 13 })]                                       // 384 and 416 units
    [InlineData(128, 2, new[] { 0, 1, 2 })]
    [InlineData(32, 3, new[] { 0, 0, 1, 1 })]
    [InlineData(640, 5, new[] { 0, 2, 4, 6, 8, 10 })]
    public void Owners_have_about_equal_numbers_of_units(int hiddenUnits, int owners, int[] boundaries)
    {
        var groups = new PanelGroups(new PanelLayout(3, hiddenUnits));

        Assert.Equal(
            boundaries.Zip(boundaries.Skip(1)), Enumerable.Range(0, owners).Select(owner => groups.OwnedBy(owner, owners)));
    }

    private static IEnumerable<int> Range(int first, int end) => Enumerable.Range(first, end - first);
}
