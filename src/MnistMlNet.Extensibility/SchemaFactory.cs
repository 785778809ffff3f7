using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Extensibility;

/// <summary>Creates schema objects with ML.NET's internal constructors, and ML.NET's own exceptions for schema mismatches.</summary>
internal static class SchemaFactory
{
    /// <summary>Creates the description of a trainer's properties.</summary>
    /// <param name="normalization">Whether it needs normalized features.</param>
    /// <param name="caching">Whether it reads its input so often that caching makes it faster.</param>
    /// <param name="supportsValidation">Whether it accepts a validation set.</param>
    /// <param name="supportsIncrementalTraining">Whether it accepts an earlier model to start from.</param>
    internal static TrainerInfo CreateTrainerInfo(
        bool normalization, bool caching, bool supportsValidation, bool supportsIncrementalTraining)
        => new(
            normalization,
            calibration: false, // used by ML.NET only for binary trainers that don't compute probabilities
            caching,
            supportValid: supportsValidation,
            supportIncrementalTrain: supportsIncrementalTraining,
            supportTest: false);

    /// <summary>Creates one column of a schema shape.</summary>
    /// <param name="name">Not empty.</param>
    /// <param name="kind">Scalar or vector.</param>
    /// <param name="itemType">The type of one item; for a key column, its underlying type.</param>
    /// <param name="isKey">Whether the items are keys.</param>
    /// <param name="annotations">The schema shape of its annotations, or <see langword="null"/> for none.</param>
    internal static SchemaShape.Column CreateColumn(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations = null)
        => new(name, kind, itemType, isKey, annotations);

    /// <summary>Creates ML.NET's own exception for a missing column.</summary>
    /// <returns>An <see cref="ArgumentOutOfRangeException"/>, to be thrown.</returns>
    internal static Exception ExceptSchemaMismatch(
        this IExceptionContext context, string paramName, string columnRole, string columnName)
        => Contracts.ExceptSchemaMismatch(context, paramName, columnRole, columnName);

    /// <summary>Creates ML.NET's own exception for a column of the wrong type.</summary>
    /// <returns>An <see cref="ArgumentOutOfRangeException"/>, to be thrown.</returns>
    internal static Exception ExceptSchemaMismatch(
        this IExceptionContext context, string paramName, string columnRole, string columnName, string expectedType, string actualType)
        => Contracts.ExceptSchemaMismatch(context, paramName, columnRole, columnName, expectedType, actualType);
}
