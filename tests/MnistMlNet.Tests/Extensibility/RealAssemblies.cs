using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>The metadata of ML.NET's own assemblies, from the folder of the tests.</summary>
internal sealed class RealAssemblies : IDisposable
{
    private readonly Dictionary<string, PEReader> _files = [];
    private readonly Dictionary<string, Dictionary<string, TypeDefinitionHandle>> _types = [];

    public RealAssemblies(string directory)
    {
        foreach (string path in Directory.EnumerateFiles(directory, "Microsoft.ML*.dll"))
        {
            PEReader file = new(File.OpenRead(path));
            MetadataReader reader = file.GetMetadataReader();
            string name = reader.GetString(reader.GetAssemblyDefinition().Name);
            _files.Add(name, file);
            _types.Add(name, reader.TypeDefinitions.ToDictionary(handle => SignatureText.NameOf(reader, handle)));
        }
    }

    public static bool IsOurConcern(string assembly) => assembly.StartsWith("Microsoft.ML", StringComparison.Ordinal);

    public AssemblyName? GetIdentity(string assembly)
        => _files.TryGetValue(assembly, out PEReader? file) ? file.GetMetadataReader().GetAssemblyDefinition().GetAssemblyName() : null;

    public RealType? Find(string assembly, string typeName)
        => _types.TryGetValue(assembly, out Dictionary<string, TypeDefinitionHandle>? types)
            && types.TryGetValue(typeName, out TypeDefinitionHandle handle)
            ? new RealType(assembly, typeName, _files[assembly].GetMetadataReader(), handle)
            : null;

    public void Dispose()
    {
        foreach (PEReader file in _files.Values)
        {
            file.Dispose();
        }
    }
}
