using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Internal in ML.NET: how a catalog hands out the environment that it belongs to.</summary>
public interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}
