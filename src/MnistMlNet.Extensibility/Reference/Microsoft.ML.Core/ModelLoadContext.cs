namespace Microsoft.ML;

/// <summary>Internal in ML.NET: one model stream being read.</summary>
public sealed class ModelLoadContext
{
    public readonly BinaryReader Reader = null!;
    public readonly long FpMin;
    public ModelHeader Header;

    private ModelLoadContext() => throw null!;

    public void CheckAtModel(VersionInfo ver) => throw null!;
}
