namespace Microsoft.ML;

/// <summary>Public in ML.NET, its members internal: one model stream being written.</summary>
public sealed class ModelSaveContext
{
    public readonly BinaryWriter Writer = null!;

    private ModelSaveContext() => throw null!;

    public void CheckAtModel() => throw null!;

    public void SetVersionInfo(VersionInfo ver) => throw null!;
}
