namespace Microsoft.ML.Runtime;

/// <summary>Internal in ML.NET: the host's cancel flag.</summary>
public interface ICancelable
{
    bool IsCanceled { get; }
}
