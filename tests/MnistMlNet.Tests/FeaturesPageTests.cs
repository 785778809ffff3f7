using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MnistMlNet.Tests;

/// <summary>docs/features.md lists the options as they are.</summary>
public sealed partial class FeaturesPageTests
{
    private static readonly string s_page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "features.md"));

    [Fact]
    public void The_table_of_options_has_every_option_in_the_order_of_the_source()
    {
        IEnumerable<string> options = typeof(TwoLayerNetworkTrainer.Options).GetFields().OrderBy(field => field.MetadataToken).Select(field => field.Name);

        Assert.Equal(options, Rows().Select(row => row.Option));
    }

    [Fact]
    public void A_default_in_the_table_is_the_options_own_or_says_what_is_chosen_by()
    {
        var options = new TwoLayerNetworkTrainer.Options();
        Assert.All(Rows(), row =>
        {
            FieldInfo field = typeof(TwoLayerNetworkTrainer.Options).GetField(row.Option)!;
            object? value = field.GetValue(options);
            if (value is null or CancellationToken)
            {
                Assert.True(row.Default == "none" || row.Default.StartsWith("by ", StringComparison.Ordinal), $"{row.Option} is left open by default, not {row.Default}");
            }
            else
            {
                Assert.Equal($"{row.Option}: `{Convert.ToString(value, CultureInfo.InvariantCulture)}`", $"{row.Option}: {row.Default}");
            }
        });
    }

    private static IEnumerable<(string Option, string Default)> Rows()
    {
        string section = s_page[s_page.IndexOf("## All options", StringComparison.Ordinal)..s_page.IndexOf("## Sources", StringComparison.Ordinal)];
        return Row().Matches(section).Select(match => (match.Groups[1].Value, match.Groups[2].Value));
    }

    [GeneratedRegex(@"^\| `(\w+)` \| (.+?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
