using System.Reflection;
using Microsoft.ML;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>
/// docs/versions.md lists everything that the extensibility layer takes from ML.NET, and nothing else;
/// tests/internals-in-sources.sh reads the same table.
/// </summary>
public sealed class VersionsPageTests
{
    [Fact]
    public void The_page_lists_every_internal_that_the_built_extensibility_layer_refers_to()
    {
        using var real = new RealAssemblies(AppContext.BaseDirectory);
        var contract = MlNetInternalsContract.Check(
            File.ReadAllBytes(typeof(LoadableTransformerBase).Assembly.Location), real);
        string[] listed = [.. File.ReadLines(Path.Combine(Repository.Root, "docs", "versions.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Contains(".cs |", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1])];

        Assert.Empty(contract.Problems);
        Assert.NotEmpty(contract.Internals);
        Assert.Equal([], contract.Internals.Except(listed));
        Assert.Equal([], listed.Except(contract.References));
    }

    [Fact]
    public void The_page_says_which_version_these_tests_run_on()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "versions.md"));
        string version = typeof(MLContext)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', '-')[0];

        Assert.True(
            page.Contains($"| {version} | run |", StringComparison.Ordinal),
            $"These tests run on Microsoft.ML {version}; docs/versions.md has no row '| {version} | run |' that says so.");
    }
}
