namespace Microsoft.ML;

/// <summary>Internal in ML.NET: where a model's block lies and who can read it. The runtime takes the layout of the real struct.</summary>
public struct ModelHeader
{
    public long FpModel;
    public long CbModel;
    public uint ModelVerReadable;
}
