using System.Reflection;
using System.Reflection.Metadata;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>A type of ML.NET.</summary>
internal sealed record RealType(string Assembly, string Name, MetadataReader Reader, TypeDefinitionHandle Handle)
{
    public bool IsPublic
    {
        get
        {
            for (TypeDefinitionHandle handle = Handle; !handle.IsNil; handle = Reader.GetTypeDefinition(handle).GetDeclaringType())
            {
                TypeAttributes visibility = Reader.GetTypeDefinition(handle).Attributes & TypeAttributes.VisibilityMask;
                if (visibility is not (TypeAttributes.Public or TypeAttributes.NestedPublic))
                {
                    return false;
                }
            }

            return true;
        }
    }

    private TypeDefinition Definition => Reader.GetTypeDefinition(Handle);

    /// <summary>Gives each method and field that this type itself declares, as the text of its signature.</summary>
    public IEnumerable<(string Member, string Signature, bool IsPublic, bool IsAbstract)> GetMembers()
    {
        foreach (MethodDefinitionHandle handle in Definition.GetMethods())
        {
            MethodDefinition method = Reader.GetMethodDefinition(handle);
            yield return (
                Reader.GetString(method.Name),
                SignatureText.Of(method.DecodeSignature(SignatureText.Instance, null)),
                (method.Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Public,
                (method.Attributes & MethodAttributes.Abstract) != 0);
        }

        foreach (FieldDefinitionHandle handle in Definition.GetFields())
        {
            FieldDefinition field = Reader.GetFieldDefinition(handle);
            yield return (
                Reader.GetString(field.Name),
                "field " + field.DecodeSignature(SignatureText.Instance, null),
                (field.Attributes & FieldAttributes.FieldAccessMask) == FieldAttributes.Public,
                false);
        }
    }

    /// <summary>Gives those interfaces of this type that are ML.NET's too, with the assembly of each.</summary>
    public IEnumerable<(string Assembly, string Name)> GetInterfaces()
    {
        foreach (InterfaceImplementationHandle handle in Definition.GetInterfaceImplementations())
        {
            EntityHandle target = AssemblyReferences.WithoutArguments(Reader, Reader.GetInterfaceImplementation(handle).Interface);
            if (target.Kind == HandleKind.TypeDefinition)
            {
                yield return (Assembly, SignatureText.NameOf(Reader, (TypeDefinitionHandle)target));
            }
            else if (AssemblyReferences.TypeOf(Reader, target) is { } type && RealAssemblies.IsOurConcern(type.Assembly))
            {
                yield return type;
            }
        }
    }
}
