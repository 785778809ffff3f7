namespace Microsoft.ML;

/// <summary>Internal in ML.NET: the version information in a model's header.</summary>
public readonly struct VersionInfo
{
    public VersionInfo(
        string modelSignature, uint verWrittenCur, uint verReadableCur, uint verWeCanReadBack,
        string loaderAssemblyName, string? loaderSignature = null, string? loaderSignatureAlt = null)
        => throw null!;
}
