using System.Globalization;
using System.Reflection;
using MnistMlNet.Configuration;

namespace MnistMlNet.Tests;

/// <summary>
/// docs/features.md contains the tables of options as <see cref="OptionTable"/> gives them: one of all tasks, and one of each task.
/// </summary>
public sealed class FeaturesPageTests
{
    private static readonly Dictionary<string, TwoLayerNetworkOptions> s_defaults = new()
    {
        ["Multiclass classification"] = new TwoLayerNetworkTrainer.Options(),
        ["Binary classification"] = new TwoLayerNetworkBinaryTrainer.Options(),
        ["Regression"] = new TwoLayerNetworkRegressionTrainer.Options(),
        ["Multi-label classification"] = new TwoLayerNetworkMultilabelTrainer.Options(),
    };

    public static TheoryData<string> Tasks => [.. s_defaults.Keys];

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_table_has_every_option_of_a_task_once(string task) => Assert.Equal(
        s_defaults[task].GetType().GetFields().Select(field => field.Name).Order(),
        OptionTable.For(s_defaults[task]).Select(option => option.Name).Order());

    [Fact]
    public void The_page_has_the_table_of_the_options_of_all_tasks() => AssertTable(
        "### Options of all tasks", OptionTable.All.Where(option => option.Owner == typeof(TwoLayerNetworkOptions)),
        new TwoLayerNetworkTrainer.Options());

    [Theory]
    [MemberData(nameof(Tasks))]
    public void The_page_has_the_table_of_the_options_of_a_task(string task) => AssertTable(
        "### " + task, OptionTable.All.Where(option => option.Owner == s_defaults[task].GetType()), s_defaults[task]);

    [Fact]
    public void An_option_that_is_null_by_default_says_what_that_means_and_no_other_does() => Assert.All(
        s_defaults.Values, options => Assert.All(OptionTable.For(options), option =>
            Assert.Equal(Value(option, options) is null or CancellationToken, option.DefaultText is not null)));

    private static void AssertTable(string heading, IEnumerable<OptionDefinition> options, TwoLayerNetworkOptions defaults)
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "features.md"));
        IEnumerable<string> rows = options.Select(option => Row(option, defaults));
        string expected = string.Join(
            '\n', [heading, "", "| option | default | range | what it is |", "|---|---|---|---|", .. rows, ""]);

        Assert.True(page.Contains(expected, StringComparison.Ordinal), "docs/features.md must have this table:\n" + expected);
    }

    private static string Row(OptionDefinition option, TwoLayerNetworkOptions defaults) =>
        $"| `{option.Name}` | {option.DefaultText ?? $"`{Convert.ToString(Value(option, defaults), CultureInfo.InvariantCulture)}`"} | "
            + $"{option.Range ?? "any"} | {option.Description} |";

    private static object? Value(OptionDefinition option, TwoLayerNetworkOptions defaults) =>
        defaults.GetType().GetField(option.Name, BindingFlags.Public | BindingFlags.Instance)!.GetValue(defaults);
}
