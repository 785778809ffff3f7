using System.Text.RegularExpressions;

namespace MnistMlNet.Tests;

/// <summary>A C# block of the README, which is a whole program.</summary>
/// <param name="Code">The content of the block.</param>
/// <param name="Output">The block after "It prints"; null where there is none.</param>
internal sealed partial record ReadmeProgram(string Code, string? Output)
{
    public const string NewProject = "dotnet new console -o Flowers";

    public const string AddPackage = "dotnet add package MnistMlNet --source ../MnistMlNet/artifacts";

    /// <summary>Gets the README's commands that <see cref="Packaging.ReadmeProgramTests"/> runs outside the repository.</summary>
    public static string[] Commands { get; } = [NewProject, AddPackage, "dotnet run"];

    public static IReadOnlyList<ReadmeProgram> All { get; } =
    [
        .. Block().Matches(File.ReadAllText(Path.Combine(Repository.Root, "README.md"))).Select(match =>
            new ReadmeProgram(match.Groups[1].Value, match.Groups[2].Success ? match.Groups[2].Value : null)),
    ];

    [GeneratedRegex("^```csharp\n(.*?)^```\n(?:\nIt prints\n\n```\n(.*?)^```\n)?", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Block();
}
