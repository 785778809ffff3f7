using System.Buffers.Binary;
using System.Reflection.Metadata;
using System.Text;
using System.Xml.Linq;
using MnistMlNet.Tests.Trust;

namespace MnistMlNet.Tests.Packaging;

/// <summary>The content of the package, and that the package is enough for a project that references nothing else.</summary>
[Collection(nameof(PackedLibrary))]
public sealed class PackageTests(PackedLibrary library)
{
    [Fact]
    public void The_package_holds_both_assemblies_with_their_documentation_and_no_reference_assembly()
    {
        Assert.Equal(
            ["MnistMlNet.nuspec", "README.md", "icon.png", .. Library("dll", "xml")],
            PackedLibrary.Content(library.Package));
    }

    [Fact]
    public void The_README_of_the_package_is_the_repositorys_with_links_that_a_package_page_can_follow()
    {
        string page = Encoding.UTF8.GetString(PackedLibrary.Read(library.Package, "README.md"));

        Assert.Contains($"]({PackedLibrary.RepositoryUrl}/raw/HEAD/docs/report.png)", page, StringComparison.Ordinal);
        Assert.Contains($"[MIT license]({PackedLibrary.RepositoryUrl}/blob/HEAD/LICENSE)", page, StringComparison.Ordinal);
        Assert.Contains("](#how-fast-it-is)", page, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\]\((?!https://|#)", page);
        Assert.Equal(
            File.ReadAllText(Path.Combine(Repository.Root, "README.md")).TrimEnd(),
            page.Replace($"{PackedLibrary.RepositoryUrl}/raw/HEAD/", "", StringComparison.Ordinal)
                .Replace($"{PackedLibrary.RepositoryUrl}/blob/HEAD/", "", StringComparison.Ordinal).TrimEnd());
    }

    [Fact]
    public void The_nuspec_depends_on_ML_NET_and_tensors_alone_and_says_what_the_page_shows()
    {
        XElement metadata = Nuspec().Root!.Elements().Single();
        string? Text(string name) => metadata.Elements().SingleOrDefault(element => element.Name.LocalName == name)?.Value;

        XElement group = metadata.Descendants().Single(element => element.Name.LocalName == "group");
        Assert.Equal("net10.0", group.Attribute("targetFramework")!.Value);
        Assert.Equal(["Microsoft.ML", "Microsoft.ML.DataView", "System.Numerics.Tensors"],
            group.Elements().Select(dependency => dependency.Attribute("id")!.Value));
        Assert.Equal(("MnistMlNet", "MIT", "README.md", "icon.png"), (Text("id"), Text("license"), Text("readme"), Text("icon")));
        Assert.Contains("neural-network", Text("description"), StringComparison.Ordinal);
        Assert.Contains("mlnet", Text("tags")!.Split(' '));
    }

    [Fact]
    public void The_symbols_of_both_assemblies_are_those_of_the_assemblies()
    {
        Assert.Equal(["MnistMlNet.nuspec", .. Library("pdb")], PackedLibrary.Content(library.Symbols));
        foreach (string name in new[] { "MnistMlNet", "MnistMlNet.Extensibility" })
        {
            using var assembly = new System.Reflection.PortableExecutable.PEReader(
                new MemoryStream(PackedLibrary.Read(library.Package, $"lib/net10.0/{name}.dll")));
            using MetadataReaderProvider symbols = MetadataReaderProvider.FromPortablePdbStream(
                new MemoryStream(PackedLibrary.Read(library.Symbols, $"lib/net10.0/{name}.pdb")));

            // Both contain the same identifier of 16 bytes, with which a debugger matches them.
            var entry = assembly.ReadDebugDirectory().First(entry =>
                entry.Type == System.Reflection.PortableExecutable.DebugDirectoryEntryType.CodeView);
            Assert.Equal(assembly.ReadCodeViewDebugDirectoryData(entry).Guid,
                new Guid(symbols.GetMetadataReader().DebugMetadataHeader!.Id.AsSpan()[..16]));
        }
    }

    [Fact]
    public void The_icon_is_a_PNG_of_128_by_128_pixels()
    {
        byte[] icon = PackedLibrary.Read(library.Package, "icon.png");

        Assert.Equal([0x89, .. "PNG\r\n\u001A\n"u8], icon[..8]);
        Assert.Equal(
            (128, 128), (BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)), BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20))));
        Assert.InRange(icon.Length, 1, 10_000);
    }

    [Fact]
    public void An_empty_project_that_references_the_package_trains_and_saves_and_another_process_loads_and_predicts()
    {
        using var folder = new TemporaryFolder();
        string version = Nuspec().Descendants().Single(element => element.Name.LocalName == "version").Value;
        folder.Write("empty.csproj", Project(version, folder));
        folder.Write("Program.cs", Program);

        ChildProcess.Build(["build", "-c", "Release", "-o", folder.File("out")], folder.Path);
        string trained = ChildProcess.Run(ChildProcess.DotNet, ["exec", folder.File("out/empty.dll"), "train"], folder.Path);
        string loaded = ChildProcess.Run(ChildProcess.DotNet, ["exec", folder.File("out/empty.dll"), "load"], folder.Path);

        string[] lines = trained.Trim().Split('\n');
        Assert.Equal(["left", "right", "left", "right"], lines.Select(line => line.Split(' ')[0]));
        Assert.Equal(trained, loaded);
    }

    private static IEnumerable<string> Library(params string[] extensions) => new[] { "MnistMlNet", "MnistMlNet.Extensibility" }
        .SelectMany(name => extensions.Select(extension => $"lib/net10.0/{name}.{extension}")).Order(StringComparer.Ordinal);

    private XDocument Nuspec() => XDocument.Load(new MemoryStream(PackedLibrary.Read(library.Package, "MnistMlNet.nuspec")));

    /// <summary>
    /// A project isolated from this repository. Our package is unpacked into a separate folder, so that no other project uses it; ML.NET's
    /// packages are read from the folder that these tests use.
    /// </summary>
    private string Project(string version, TemporaryFolder folder)
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <RestoreAdditionalProjectSources>{library.Source}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{folder.File("packages")}</RestorePackagesPath>
                <RestoreFallbackFolders>{(Directory.Exists(cache) ? cache : "")}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="MnistMlNet" Version="{version}" />
              </ItemGroup>
            </Project>
            """;
    }

    private const string Program = """
        using Microsoft.ML;
        using Microsoft.ML.Data;

        var mlContext = new MLContext(seed: 1);
        IDataView data = mlContext.Data.LoadFromEnumerable(Enumerable.Range(0, 100).Select(i => new Row
        {
            Side = i % 2 == 0 ? "left" : "right",
            Features = [i % 2 == 0 ? -1 - i % 7 : 1 + i % 5, i % 3],
        }));
        ITransformer model = args[0] == "train" ? Train() : mlContext.Model.Load("model.zip", out _);
        var engine = mlContext.Model.CreatePredictionEngine<Row, Answer>(model);
        foreach (Row row in mlContext.Data.CreateEnumerable<Row>(mlContext.Data.TakeRows(data, 4), reuseRowObject: false))
        {
            Answer answer = engine.Predict(row);
            Console.WriteLine($"{answer.PredictedLabel} {string.Join(' ', answer.Score)}");
        }

        ITransformer Train()
        {
            ITransformer trained = mlContext.Transforms.Conversion.MapValueToKey("Label", "Side")
                .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(hiddenUnits: 4))
                .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
                .Fit(data);
            mlContext.Model.Save(trained, data.Schema, "model.zip");
            return trained;
        }

        internal sealed class Row
        {
            public string Side { get; set; } = "";

            [VectorType(2)]
            public float[] Features { get; set; } = [];
        }

        internal sealed class Answer
        {
            public string PredictedLabel { get; set; } = "";

            public float[] Score { get; set; } = [];
        }
        """;
}
