using System.Globalization;
using System.Reflection;
using MnistMlNet.Configuration;

namespace MnistMlNet.Tests;

/// <summary>docs/features.md contains the table of options as <see cref="OptionTable"/> gives it.</summary>
public sealed class FeaturesPageTests
{
    private static readonly TwoLayerNetworkTrainer.Options s_defaults = new();

    [Fact]
    public void The_table_has_every_option_once() => Assert.Equal(
        typeof(TwoLayerNetworkTrainer.Options).GetFields().Select(field => field.Name).Order(),
        OptionTable.All.Select(option => option.Name).Order());

    [Fact]
    public void The_page_has_the_table_that_is_made_from_the_options()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "features.md"));
        string expected = string.Join('\n',
            ["| option | default | range | what it is |", "|---|---|---|---|", .. OptionTable.All.Select(Row)]);

        Assert.True(page.Contains(expected, StringComparison.Ordinal), "docs/features.md, \"All options\", must have this table:\n"
            + expected);
    }

    [Fact]
    public void An_option_that_is_null_by_default_says_what_that_means_and_no_other_does() => Assert.All(
        OptionTable.All, option => Assert.Equal(Value(option) is null or CancellationToken, option.DefaultText is not null));

    private static string Row(OptionDefinition option) =>
        $"| `{option.Name}` | {option.DefaultText ?? $"`{Convert.ToString(Value(option), CultureInfo.InvariantCulture)}`"} | "
            + $"{option.Range ?? "any"} | {option.Description} |";

    private static object? Value(OptionDefinition option) =>
        typeof(TwoLayerNetworkTrainer.Options).GetField(option.Name, BindingFlags.Public | BindingFlags.Instance)!.GetValue(s_defaults);
}
