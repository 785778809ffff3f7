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

    /// <summary>Gives the generic type of which a type specification is an instance; any other handle as it is.</summary>
    public static EntityHandle WithoutArguments(MetadataReader reader, EntityHandle handle)
    {
        if (handle.Kind != HandleKind.TypeSpecification)
        {
            return handle;
        }

        BlobReader signature = reader.GetBlobReader(reader.GetTypeSpecification((TypeSpecificationHandle)handle).Signature);
        if (signature.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
        {
            return handle;
        }

        signature.ReadByte(); // whether it is a class or a struct
        return signature.ReadTypeHandle();
    }

    /// <summary>Gives the assembly and the name of a type reference, or of the generic type of a type specification.</summary>
    /// <returns><see langword="null"/> for any other type, such as one of this assembly or an array.</returns>
    public static (string Assembly, string Name)? TypeOf(MetadataReader reader, EntityHandle handle)
    {
        EntityHandle type = WithoutArguments(reader, handle);
        return type.Kind == HandleKind.TypeReference && ScopeOf(reader, (TypeReferenceHandle)type) is string assembly
            ? (assembly, SignatureText.NameOf(reader, (TypeReferenceHandle)type))
            : null;
    }
}
