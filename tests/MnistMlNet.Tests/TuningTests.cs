using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;

namespace MnistMlNet.Tests;

/// <summary>The statements of docs/tuning.md are true.</summary>
[Collection(nameof(RunsAlone))]
public sealed partial class TuningTests
{
    [Fact]
    public void The_recipe_is_in_a_compiled_file_line_by_line()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "tuning.md"));
        string example = Collapse(File.ReadAllText(Path.Combine(Repository.Root, "tests", "MnistMlNet.Tests", "TuningExample.cs")));

        Assert.Contains(Collapse(Assert.Single(CodeBlock().Matches(page)).Groups[1].Value), example, StringComparison.Ordinal);
    }

    [Fact]
    public void The_recipe_finds_options_that_separate_three_clusters_and_saves_their_model()
    {
        using var folder = new TemporaryFolder();
        folder.Write("table.csv", Clusters());
        string before = Environment.CurrentDirectory;
        try
        {
            Environment.CurrentDirectory = folder.Path;
            (TwoLayerNetworkTrainer.Options best, double logLoss) = TuningExample.Tune();

            // Centres 1 apart with noise of at most 0.35: no row is nearer to another centre.
            Assert.InRange(logLoss, 0, 0.2);
            Assert.Contains(best.HiddenUnits, new[] { 8, 32 });
            Assert.IsAssignableFrom<ITransformer>(new MLContext().Model.Load("tuned.zip", out _));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    [Fact]
    public void The_sweep_uses_every_option_that_has_a_range_or_choices_for_it_and_no_other()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "tuning.md"));
        IEnumerable<string> used = Parameter().Matches(page).Select(match => match.Groups[2].Value);
        IEnumerable<string> searched = typeof(TwoLayerNetworkTrainer.Options).GetFields()
            .Where(field =>
                field.GetCustomAttributes(inherit: false).Any(attribute => attribute.GetType().Namespace == "Microsoft.ML.SearchSpace"))
            .Select(field => field.Name);

        Assert.Equal(searched.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
        Assert.All(Parameter().Matches(page), match => Assert.Equal(match.Groups[1].Value, match.Groups[2].Value));
    }

    private static string Clusters()
    {
        var random = new Random(3);
        IEnumerable<string> rows = Enumerable.Range(0, 60).Select(r => string.Join(
            ',', [.. Enumerable.Range(0, 4).Select(i =>
                ((i == r % 3 ? 1 : 0) + 0.7 * (random.NextDouble() - 0.5)).ToString("F3", CultureInfo.InvariantCulture)),
                $"class {r % 3}"]));
        return string.Join('\n', ["a,b,c,d,class", .. rows]) + "\n";
    }

    private static string Collapse(string code) => Spaces().Replace(code, " ").Trim();

    [GeneratedRegex(@"(\w+) = parameter\[""(\w+)""\]")]
    private static partial Regex Parameter();

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
