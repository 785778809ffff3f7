using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Extensibility;

/// <summary>Access to internal members of an <c>MLContext</c> and its catalogs.</summary>
internal static class MLContextInternals
{
    /// <summary>Gets the environment that a trainer registers its host with.</summary>
    internal static IHostEnvironment GetEnvironment(this MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog)
        => Get(catalog);

    /// <inheritdoc cref="GetEnvironment(MulticlassClassificationCatalog.MulticlassClassificationTrainers)"/>
    internal static IHostEnvironment GetEnvironment(this BinaryClassificationCatalog.BinaryClassificationTrainers catalog) => Get(catalog);

    /// <inheritdoc cref="GetEnvironment(MulticlassClassificationCatalog.MulticlassClassificationTrainers)"/>
    internal static IHostEnvironment GetEnvironment(this RegressionCatalog.RegressionTrainers catalog) => Get(catalog);

    /// <inheritdoc cref="GetEnvironment(MulticlassClassificationCatalog.MulticlassClassificationTrainers)"/>
    internal static IHostEnvironment GetEnvironment(this DataOperationsCatalog catalog) => Get(catalog);

    /// <inheritdoc cref="GetEnvironment(MulticlassClassificationCatalog.MulticlassClassificationTrainers)"/>
    internal static IHostEnvironment GetEnvironment(this ModelOperationsCatalog catalog) => Get(catalog);

    /// <summary>
    /// Gets whether the execution in <paramref name="environment"/> was canceled; <see langword="false"/> where the environment doesn't
    /// support cancellation.
    /// </summary>
    /// <remarks>
    /// A cancellation is passed to a host that was registered before it only if the host is still referenced, since its parent has only a
    /// weak reference to it. So use the host that the trainer references. The flag is never reset.
    /// </remarks>
    internal static bool IsCanceled(this IHostEnvironment environment) => environment is ICancelable { IsCanceled: true };

    // The parameter is an object, so that the compiler emits a checked cast and doesn't rely on the types in a reference assembly.
    private static IHostEnvironment Get(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ((IInternalCatalog)catalog).Environment;
    }
}
