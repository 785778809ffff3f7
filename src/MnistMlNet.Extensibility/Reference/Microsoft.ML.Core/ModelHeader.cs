namespace Microsoft.ML;

/// <summary>
/// Internal in ML.NET: the position of a model's block and the version needed to read it. At run time, the layout of the real struct is
/// used.
/// </summary>
public struct ModelHeader
{
    public long FpModel;
    public long CbModel;
    public uint ModelVerReadable;
}
