namespace Microsoft.ML;

/// <summary>Internal in ML.NET: what a model's header says about its writer.</summary>
public readonly struct VersionInfo
{
    public VersionInfo(
        string modelSignature, uint verWrittenCur, uint verReadableCur, uint verWeCanReadBack,
        string loaderAssemblyName, string? loaderSignature = null, string? loaderSignatureAlt = null)
        => throw null!;
}
