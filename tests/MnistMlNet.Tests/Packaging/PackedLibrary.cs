using System.IO.Compression;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Packaging;

/// <summary>The package of this working tree, made once by <c>dotnet pack</c>, separately from the working tree's own build.</summary>
[CollectionDefinition(nameof(PackedLibrary))]
public sealed class PackedLibrary : ICollectionFixture<PackedLibrary>, IDisposable
{
    public const string RepositoryUrl = "https://example.org/owner/MnistMlNet";

    private readonly TemporaryFolder _folder = new();

    public PackedLibrary()
    {
        ChildProcess.Build(
            ["pack", Path.Combine(Repository.Root, "src", "MnistMlNet"), "-c", "Release", "--artifacts-path", _folder.File("build"), "-o",
                Source, $"-p:RepositoryUrl={RepositoryUrl}.git",
                "-p:PackReadyToRun=false"]);                                   // its compiler is a download; tests/loading.sh tests it
        Package = Assert.Single(Directory.GetFiles(Source, "*.nupkg"));
        Symbols = Assert.Single(Directory.GetFiles(Source, "*.snupkg"));
    }

    /// <summary>Gets the folder that a project can use as a package source.</summary>
    public string Source => _folder.File("packages");

    public string Package { get; }

    public string Symbols { get; }

    public void Dispose() => _folder.Dispose();

    /// <summary>The names of the files in a package, without the files of the OPC container format, which every package has.</summary>
    internal static IEnumerable<string> Content(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        return [.. archive.Entries.Select(entry => entry.FullName)
            .Where(name => !name.StartsWith("_rels/", StringComparison.Ordinal) && !name.StartsWith("package/", StringComparison.Ordinal)
                && name != "[Content_Types].xml")
            .Order(StringComparer.Ordinal)];
    }

    internal static byte[] Read(string package, string name)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        using Stream entry = archive.GetEntry(name)!.Open();
        using var content = new MemoryStream();
        entry.CopyTo(content);
        return content.ToArray();
    }
}
