namespace System.Runtime.CompilerServices;

/// <summary>Makes the runtime grant this assembly access to the internals of <paramref name="assemblyName"/>.</summary>
/// <param name="assemblyName">The simple name of the assembly whose internals are used.</param>
/// <remarks>
/// CoreCLR knows the attribute by this name and namespace and leaves its declaration to whoever uses it. It grants access at run
/// time only; the compiler is satisfied by the reference assemblies in <c>Reference/</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>Gets the simple name of the assembly whose internals are used.</summary>
    public string AssemblyName { get; } = assemblyName;
}
