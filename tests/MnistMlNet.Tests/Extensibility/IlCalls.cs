using System.Collections.Immutable;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>Every member that the code of an assembly calls or takes the address of, read from its instructions.</summary>
internal static class IlCalls
{
    /// <summary>Gets the calls of the assembly that contains <paramref name="type"/>.</summary>
    public static IReadOnlyList<IlCall> Of(Type type)
    {
        using var file = new PEReader(ImmutableArray.Create(File.ReadAllBytes(type.Assembly.Location)));
        MetadataReader reader = file.GetMetadataReader();
        var calls = new List<IlCall>();
        foreach (MethodDefinitionHandle handle in reader.MethodDefinitions)
        {
            MethodDefinition method = reader.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress != 0)
            {
                string caller = $"{TypeName(reader, method.GetDeclaringType())}.{reader.GetString(method.Name)}";
                calls.AddRange(InBody(reader, caller, file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes()!));
            }
        }

        return calls;
    }

    private static IEnumerable<IlCall> InBody(MetadataReader reader, string caller, byte[] il)
    {
        bool constant = false;
        foreach ((OpCode code, int operand) in Il.Read(il))
        {
            if (code.OperandType is OperandType.InlineMethod or OperandType.InlineTok
                && Callee(reader, MetadataTokens.EntityHandle(operand)) is { } callee)
            {
                yield return new IlCall(caller, callee, constant);
            }

            constant = code == OpCodes.Ldstr;
        }
    }

    private static string? Callee(MetadataReader reader, EntityHandle handle) => handle.Kind switch
    {
        HandleKind.MethodSpecification => Callee(reader, reader.GetMethodSpecification((MethodSpecificationHandle)handle).Method),
        HandleKind.MemberReference when reader.GetMemberReference((MemberReferenceHandle)handle) is var member
            && TypeName(reader, member.Parent) is { } type =>
            $"{type}.{reader.GetString(member.Name)}",
        _ => null,
    };

    private static string? TypeName(MetadataReader reader, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeReference:
                TypeReference reference = reader.GetTypeReference((TypeReferenceHandle)handle);
                return $"{reader.GetString(reference.Namespace)}.{reader.GetString(reference.Name)}";
            case HandleKind.TypeDefinition:
                TypeDefinition definition = reader.GetTypeDefinition((TypeDefinitionHandle)handle);
                return definition.GetDeclaringType() is { IsNil: false } outer
                    ? $"{TypeName(reader, outer)}.{reader.GetString(definition.Name)}"
                    : $"{reader.GetString(definition.Namespace)}.{reader.GetString(definition.Name)}";
            default:
                return null;
        }
    }
}
