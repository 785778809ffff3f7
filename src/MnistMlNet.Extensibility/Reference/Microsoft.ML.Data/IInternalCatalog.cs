using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Internal in ML.NET: gives access to the environment of a catalog.</summary>
public interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}
