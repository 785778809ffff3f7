using System.Globalization;
using System.Text.RegularExpressions;

namespace MnistMlNet.Tests;

/// <summary>Lines of C# keep the limit of .editorconfig, which no tool of the SDK checks.</summary>
public sealed partial class LineLengthTests
{
    private const string Setting = "max_line_length = ";

    private static readonly int s_limit = int.Parse(
        File.ReadLines(Path.Combine(Repository.Root, ".editorconfig"))
            .Single(line => line.StartsWith(Setting, StringComparison.Ordinal))[Setting.Length..],
        CultureInfo.InvariantCulture);

    [Fact]
    public void No_line_is_longer_than_the_limit()
    {
        string[] longer =
        [
            .. from folder in new[] { "src", "samples", "tests" }
               from path in Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories)
               let parts = path.Split(Path.DirectorySeparatorChar)
               where !parts.Contains("obj") && !parts.Contains("bin")
               from line in File.ReadLines(path).Index()
               where line.Item.Length > s_limit && !Signature().IsMatch(line.Item)
               select $"{path}({line.Index + 1}): {line.Item.Length} characters",
        ];

        Assert.True(longer.Length == 0, $"Lines of more than {s_limit} characters:\n" + string.Join('\n', longer));
    }

    /// <summary>A reference to a method with its parameters, which can't be broken.</summary>
    [GeneratedRegex("cref=\"[^\"]*\\(")]
    private static partial Regex Signature();
}
