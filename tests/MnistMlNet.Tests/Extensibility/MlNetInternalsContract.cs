using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MnistMlNet.Tests.Extensibility;

/// <summary>Compares what an assembly expects of ML.NET's internals with ML.NET's own assemblies.</summary>
/// <remarks>The compiler can't do that: it only saw the reference assemblies that we wrote ourselves.</remarks>
internal sealed class MlNetInternalsContract
{
    private readonly RealAssemblies _real;
    private readonly MetadataReader _examined;
    private readonly HashSet<string> _granted;
    private readonly List<string> _problems = [];
    private readonly SortedSet<string> _references = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _internals = new(StringComparer.Ordinal);

    private MlNetInternalsContract(RealAssemblies real, MetadataReader examined)
    {
        _real = real;
        _examined = examined;
        _granted = GetGrantedAssemblies();
    }

    /// <summary>Gets the number of references that were resolved, so that a test can check that it is not 0.</summary>
    public int ReferenceCount { get; private set; }

    public IReadOnlyList<string> Problems => _problems;

    /// <summary>
    /// Gets the types and members that were found, as <c>Type</c> and <c>Type.Member</c>, without namespaces; generic types as
    /// <c>Type&lt;,&gt;</c>.
    /// </summary>
    public IReadOnlyCollection<string> References => _references;

    /// <summary>Gets those of them that are not public in ML.NET.</summary>
    public IReadOnlyCollection<string> Internals => _internals;

    public static MlNetInternalsContract Check(byte[] image, RealAssemblies real)
    {
        using PEReader file = new(ImmutableArray.Create(image));
        MlNetInternalsContract contract = new(real, file.GetMetadataReader());
        contract.CheckAssemblies();
        contract.CheckTypes();
        contract.CheckMembers();
        contract.CheckTypesNamedInAttributes();
        contract.CheckInterfaces();
        return contract;
    }

    private void CheckAssemblies()
    {
        foreach (AssemblyReferenceHandle handle in _examined.AssemblyReferences)
        {
            AssemblyName wanted = _examined.GetAssemblyReference(handle).GetAssemblyName();
            if (!RealAssemblies.IsOurConcern(wanted.Name!))
            {
                continue;
            }

            ReferenceCount++;
            AssemblyName? found = _real.GetIdentity(wanted.Name!);
            if (found is null || found.Version < wanted.Version
                || !wanted.GetPublicKeyToken()!.AsSpan().SequenceEqual(found.GetPublicKeyToken()))
            {
                _problems.Add($"assembly {wanted}: ML.NET has {found?.ToString() ?? "none of that name"}");
            }
        }
    }

    private void CheckTypes()
    {
        foreach (TypeReferenceHandle handle in _examined.TypeReferences)
        {
            if (AssemblyReferences.ScopeOf(_examined, handle) is string assembly && RealAssemblies.IsOurConcern(assembly))
            {
                CheckType(assembly, SignatureText.NameOf(_examined, handle));
            }
        }
    }

    private void CheckType(string assembly, string name)
    {
        ReferenceCount++;
        RealType? type = _real.Find(assembly, name);
        if (type is null)
        {
            _problems.Add($"type {name}: not in {assembly}");
        }
        else if (!type.IsPublic && !_granted.Contains(assembly))
        {
            _problems.Add($"type {name}: internal, and no IgnoresAccessChecksTo names {assembly}");
        }
        else
        {
            Found(name, null, type.IsPublic);
        }
    }

    private void Found(string typeName, string? member, bool isPublic)
    {
        string name = WithArguments(typeName[(typeName.LastIndexOf('.') + 1)..].Replace('+', '.'))
            + (member is null ? "" : "." + member.TrimStart('.').Replace("get_", "", StringComparison.Ordinal));
        _references.Add(name);
        if (!isPublic)
        {
            _internals.Add(name);
        }
    }

    // As in typeof: IPredictorProducing<> for IPredictorProducing`1.
    private static string WithArguments(string metadataName) => metadataName.Split('`') is [string name, string arity]
        ? $"{name}<{new string(',', int.Parse(arity, CultureInfo.InvariantCulture) - 1)}>"
        : metadataName;

    private void CheckMembers()
    {
        foreach (MemberReferenceHandle handle in _examined.MemberReferences)
        {
            MemberReference member = _examined.GetMemberReference(handle);
            if (AssemblyReferences.TypeOf(_examined, member.Parent) is (string assembly, string typeName)
                && RealAssemblies.IsOurConcern(assembly))
            {
                CheckMember(assembly, typeName, _examined.GetString(member.Name), Decode(member));
            }
        }
    }

    private void CheckMember(string assembly, string typeName, string name, string signature)
    {
        ReferenceCount++;
        if (_real.Find(assembly, typeName) is not RealType type)
        {
            _problems.Add($"member {typeName}::{name}: its type is not in {assembly}");
            return;
        }

        var sameName = type.GetMembers().Where(member => member.Member == name).ToList();
        var found = sameName.Where(member => member.Signature == signature).ToList();
        if (found.Count == 0)
        {
            string others = sameName.Count == 0
                ? "no member of that name"
                : string.Join(" | ", sameName.Select(member => member.Signature));
            _problems.Add($"member {typeName}::{name}: wanted {signature}, {assembly} has {others}");
        }
        else if (!found[0].IsPublic && !_granted.Contains(assembly))
        {
            _problems.Add($"member {typeName}::{name}: not public, and no IgnoresAccessChecksTo names {assembly}");
        }
        else
        {
            Found(typeName, name, type.IsPublic && found[0].IsPublic);
        }
    }

    // typeof in an attribute leaves no type reference behind, only the type's name as text.
    private void CheckTypesNamedInAttributes()
    {
        foreach (CustomAttributeHandle handle in _examined.CustomAttributes)
        {
            CustomAttribute attribute = _examined.GetCustomAttribute(handle);
            foreach (CustomAttributeTypedArgument<string> argument in attribute.DecodeValue(SignatureText.Instance).FixedArguments)
            {
                if (SignatureText.Instance.IsSystemType(argument.Type) && argument.Value is string typeName
                    && typeName.Split(", ") is [string name, string assembly, ..] && RealAssemblies.IsOurConcern(assembly))
                {
                    CheckType(assembly, name);
                }
            }
        }
    }

    // The runtime accepts an abstract class that lacks an interface's member, and only fails when the member is called.
    private void CheckInterfaces()
    {
        foreach (TypeDefinitionHandle handle in _examined.TypeDefinitions)
        {
            HashSet<string> provided = GetProvidedMembers(handle);
            Queue<(string Assembly, string Name)> pending = new(GetDeclaredInterfaces(handle));
            HashSet<string> seen = [];
            while (pending.TryDequeue(out (string Assembly, string Name) entry))
            {
                // One that is missing altogether is already reported as a missing type.
                if (!seen.Add(entry.Name) || _real.Find(entry.Assembly, entry.Name) is not RealType type)
                {
                    continue;
                }

                foreach (var member in type.GetMembers().Where(member => member.IsAbstract))
                {
                    ReferenceCount++;
                    if (!provided.Contains($"{member.Member} {member.Signature}")
                        && !provided.Contains($"{entry.Name}::{member.Member} {member.Signature}"))
                    {
                        string owner = SignatureText.NameOf(_examined, handle);
                        _problems.Add($"type {owner}: does not implement {entry.Name}::{member.Member} {member.Signature}");
                    }
                }

                foreach ((string, string) inherited in type.GetInterfaces())
                {
                    pending.Enqueue(inherited);
                }
            }
        }
    }

    private IEnumerable<(string Assembly, string Name)> GetDeclaredInterfaces(TypeDefinitionHandle handle)
    {
        foreach (InterfaceImplementationHandle implementation in _examined.GetTypeDefinition(handle).GetInterfaceImplementations())
        {
            EntityHandle target = _examined.GetInterfaceImplementation(implementation).Interface;
            if (AssemblyReferences.TypeOf(_examined, target) is { } type && RealAssemblies.IsOurConcern(type.Assembly))
            {
                yield return type;
            }
        }
    }

    // Public virtual methods by name; explicit implementations by interface and name.
    private HashSet<string> GetProvidedMembers(TypeDefinitionHandle handle)
    {
        HashSet<string> provided = [];
        TypeDefinition type = _examined.GetTypeDefinition(handle);
        foreach (MethodDefinition method in type.GetMethods().Select(_examined.GetMethodDefinition))
        {
            if ((method.Attributes & MethodAttributes.Virtual) != 0
                && (method.Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Public)
            {
                string signature = SignatureText.Of(method.DecodeSignature(SignatureText.Instance, null));
                provided.Add($"{_examined.GetString(method.Name)} {signature}");
            }
        }

        foreach (MethodImplementation explicitOne in type.GetMethodImplementations().Select(_examined.GetMethodImplementation))
        {
            if (explicitOne.MethodDeclaration.Kind == HandleKind.MemberReference)
            {
                MemberReference declaration = _examined.GetMemberReference((MemberReferenceHandle)explicitOne.MethodDeclaration);
                if (AssemblyReferences.TypeOf(_examined, declaration.Parent) is (_, string owner))
                {
                    provided.Add($"{owner}::{_examined.GetString(declaration.Name)} {Decode(declaration)}");
                }
            }
        }

        return provided;
    }

    private HashSet<string> GetGrantedAssemblies()
    {
        HashSet<string> granted = [];
        foreach (CustomAttribute attribute in _examined.CustomAttributes.Select(_examined.GetCustomAttribute))
        {
            if (attribute.Parent.Kind == HandleKind.AssemblyDefinition && attribute.Constructor.Kind == HandleKind.MethodDefinition)
            {
                TypeDefinitionHandle type = _examined.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType();
                if (SignatureText.NameOf(_examined, type) == "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute")
                {
                    granted.Add((string)attribute.DecodeValue(SignatureText.Instance).FixedArguments[0].Value!);
                }
            }
        }

        return granted;
    }

    private static string Decode(MemberReference member) => member.GetKind() == MemberReferenceKind.Field
        ? "field " + member.DecodeFieldSignature(SignatureText.Instance, null)
        : SignatureText.Of(member.DecodeMethodSignature(SignatureText.Instance, null));
}
