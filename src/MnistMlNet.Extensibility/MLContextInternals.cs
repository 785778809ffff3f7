using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Extensibility;

/// <summary>What ML.NET's own components get from an <c>MLContext</c> and its catalogs, and others don't.</summary>
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

    /// <summary>Gets a catalog that splits data as the <c>Data</c> of the catalog's own context does.</summary>
    internal static DataOperationsCatalog GetDataCatalog(this TrainCatalogBase catalog) => new(Get(catalog));

    /// <summary>Tells whether the execution in <paramref name="environment"/> was canceled; <see langword="false"/> where that is not
    /// offered.</summary>
    /// <remarks>
    /// A host that was registered before the cancellation knows of it only while somebody holds it, since its parent keeps weak
    /// references: ask the host that the trainer holds. The flag is never taken back.
    /// </remarks>
    internal static bool IsCanceled(this IHostEnvironment environment) => environment is ICancelable { IsCanceled: true };

    // From object, so that the compiler emits a checked cast instead of believing a reference assembly.
    private static IHostEnvironment Get(object catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ((IInternalCatalog)catalog).Environment;
    }
}
