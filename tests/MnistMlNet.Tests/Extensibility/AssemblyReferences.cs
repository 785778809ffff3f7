using System.Reflection.Metadata;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>Finds the assembly that a reference points to.</summary>
internal static class AssemblyReferences
{
    /// <summary>Gives the simple name of the assembly in which a type reference, or the type around it, is resolved.</summary>
    public static string? ScopeOf(MetadataReader reader, TypeReferenceHandle handle)
    {
        EntityHandle scope = reader.GetTypeReference(handle).ResolutionScope;
        while (scope.Kind == HandleKind.TypeReference)
        {
            scope = reader.GetTypeReference((TypeReferenceHandle)scope).ResolutionScope;
        }

        return scope.Kind == HandleKind.AssemblyReference
            ? reader.GetString(reader.GetAssemblyReference((AssemblyReferenceHandle)scope).Name)
            : null;
    }
}
