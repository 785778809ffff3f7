namespace System.Runtime.CompilerServices;

/// <summary>Makes the runtime grant this assembly access to the internals of <paramref name="assemblyName"/>.</summary>
/// <param name="assemblyName">The simple name of the assembly whose internals are used.</param>
/// <remarks>
/// CoreCLR recognizes the attribute by its name and namespace; an assembly that uses it has to declare it. It grants access at run time
/// only. For the compiler, the reference assemblies in <c>Reference/</c> declare the internal members as public.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>Gets the simple name of the assembly whose internals are used.</summary>
    public string AssemblyName { get; } = assemblyName;
}
