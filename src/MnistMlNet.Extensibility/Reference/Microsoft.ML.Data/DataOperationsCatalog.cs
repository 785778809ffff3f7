using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Public in ML.NET; here a name, and a constructor that is internal in ML.NET.</summary>
public sealed class DataOperationsCatalog
{
    public DataOperationsCatalog(IHostEnvironment env) => throw null!;
}
