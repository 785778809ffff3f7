using System.Text.RegularExpressions;

namespace MnistMlNet.Tests;

/// <summary>The targets of the links in the documentation exist.</summary>
public sealed partial class MarkdownLinkTests
{
    // Made by builds and runs, and not tracked by git.
    private static readonly string[] s_made = ["bin", "obj", ".git", "artifacts", "cache", "TestResults", "BenchmarkDotNet.Artifacts"];

    [Fact]
    public void Every_relative_link_of_every_page_leads_to_a_file_or_folder_and_every_anchor_to_a_heading()
    {
        string[] pages = [.. Pages(Repository.Root)];
        string[] broken = [
            .. pages.SelectMany(page => Links(File.ReadAllText(page)).Where(link => !Leads(page, link)).Select(link => $"{page}: {link}"))];

        Assert.Contains(Path.Combine(Repository.Root, "README.md"), pages);
        Assert.True(broken.Length == 0, "These lead nowhere:\n" + string.Join("\n", broken));
    }

    [Fact]
    public void Every_page_of_docs_and_samples_can_be_reached_from_the_README_by_links()
    {
        HashSet<string> reached = [Path.Combine(Repository.Root, "README.md")];
        for (Queue<string> left = new(reached); left.TryDequeue(out string? page);)
        {
            foreach (string target in Links(File.ReadAllText(page)).Where(link => !IsAbsolute(link)).Select(link => Target(page, link)))
            {
                if (target.EndsWith(".md", StringComparison.Ordinal) && File.Exists(target) && reached.Add(target))
                {
                    left.Enqueue(target);
                }
            }
        }

        string[] hidden = [
            .. new[] { "docs", "samples" }.SelectMany(folder => Pages(Path.Combine(Repository.Root, folder))).Except(reached)];
        Assert.True(hidden.Length == 0, "No link leads to\n" + string.Join("\n", hidden));
    }

    [Theory]
    [InlineData("docs/architecture.md", true)]
    [InlineData("docs/architecture.md#the-way-of-one-row", true)]
    [InlineData("docs/architecture.md#a-heading-that-is-not-there", false)]
    [InlineData("docs/no-such-page.md", false)]
    [InlineData("docs", true)]
    [InlineData("https://example.org/", true)]
    public void A_link_is_followed_as_GitHub_follows_it(string link, bool leads) =>
        Assert.Equal(leads, Leads(Path.Combine(Repository.Root, "README.md"), link));

    [Fact]
    public void Links_are_found_in_text_and_pictures_and_not_in_code() => Assert.Equal(
        ["a.md", "b.png", "c.md"],
        Links("[a](a.md) ![b](b.png) `[x](x.md)`\n```\n[y](y.md)\n```\n[two\nlines](c.md)"));

    private static IEnumerable<string> Pages(string folder) => Directory.EnumerateFiles(folder, "*.md").Concat(
        Directory.EnumerateDirectories(folder).Where(inner => !s_made.Contains(Path.GetFileName(inner))).SelectMany(Pages));

    private static IEnumerable<string> Links(string page) =>
        Link().Matches(Code().Replace(page, "")).Select(match => match.Groups[1].Value);

    private static bool IsAbsolute(string link) =>
        link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal);

    private static bool Leads(string page, string link)
    {
        if (IsAbsolute(link))
        {
            return true;
        }

        string target = Target(page, link);
        int anchor = link.IndexOf('#', StringComparison.Ordinal);
        return anchor < 0
            ? File.Exists(target) || Directory.Exists(target)
            : File.Exists(target) && Heading().Matches(Fence().Replace(File.ReadAllText(target), "")).Any(match =>
                Anchor(match.Groups[1].Value) == link[(anchor + 1)..]);
    }

    private static string Target(string page, string link) =>
        link.StartsWith('#') ? page : Path.GetFullPath(link.Split('#')[0], Path.GetDirectoryName(page)!);

    // GitHub's rule: lower-case letters, no punctuation, a hyphen for each space.
    private static string Anchor(string heading) =>
        Punctuation().Replace(heading.Trim().ToLowerInvariant(), "").Replace(' ', '-');

    [GeneratedRegex(@"\[[^\]]*\]\(([^()\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("^#+ (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex Punctuation();
}
