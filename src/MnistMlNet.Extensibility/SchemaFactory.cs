using System.Collections;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MnistMlNet.Extensibility;

/// <summary>Makes the schema objects whose constructors ML.NET keeps to itself, and its own error where a schema does not fit.</summary>
internal static class SchemaFactory
{
    /// <summary>Makes what a trainer says about itself.</summary>
    /// <param name="normalization">Whether it needs normalized features.</param>
    /// <param name="caching">Whether it passes over its input so often that a cached copy pays.</param>
    /// <param name="supportsValidation">Whether it takes a validation set.</param>
    /// <param name="supportsIncrementalTraining">Whether it takes an earlier model to start from.</param>
    internal static TrainerInfo CreateTrainerInfo(
        bool normalization, bool caching, bool supportsValidation, bool supportsIncrementalTraining)
        => new(
            normalization,
            calibration: false, // ML.NET: only for binary trainers without probabilities of their own
            caching,
            supportValid: supportsValidation,
            supportIncrementalTrain: supportsIncrementalTraining,
            supportTest: false);

    /// <summary>Makes one column of a shape.</summary>
    /// <param name="name">Not empty.</param>
    /// <param name="kind">Scalar or vector.</param>
    /// <param name="itemType">The type of one item; of a key column its underlying type.</param>
    /// <param name="isKey">Whether the items are keys.</param>
    /// <param name="annotations">The shape of its annotations, or <see langword="null"/> for none.</param>
    internal static SchemaShape.Column CreateColumn(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations = null)
        => new(name, kind, itemType, isKey, annotations);

    /// <summary>Makes ML.NET's own error for a missing column, with what to do added to its message.</summary>
    /// <param name="context">The component that reports the error.</param>
    /// <param name="paramName">The argument that lacks the column.</param>
    /// <param name="columnRole">What the column is for.</param>
    /// <param name="columnName">The name that was not found.</param>
    /// <param name="remedy">One or more sentences.</param>
    /// <returns>An <see cref="ArgumentOutOfRangeException"/>, to be thrown; it has the marks of ML.NET's error.</returns>
    internal static Exception ExceptSchemaMismatch(
        this IExceptionContext context, string paramName, string columnRole, string columnName, string remedy)
    {
        Exception own = Contracts.ExceptSchemaMismatch(context, paramName, columnRole, columnName);
        string parameter = new ArgumentOutOfRangeException(paramName, "").Message;
        var error = new ArgumentOutOfRangeException(
            paramName, $"{own.Message.Replace(parameter, "", StringComparison.Ordinal)}. {remedy}");
        foreach (DictionaryEntry mark in own.Data)
        {
            error.Data[mark.Key] = mark.Value;
        }

        return error;
    }

    /// <summary>Makes ML.NET's own error for a column of another type.</summary>
    /// <returns>An <see cref="ArgumentOutOfRangeException"/>, to be thrown.</returns>
    internal static Exception ExceptSchemaMismatch(
        this IExceptionContext context, string paramName, string columnRole, string columnName, string expectedType, string actualType)
        => Contracts.ExceptSchemaMismatch(context, paramName, columnRole, columnName, expectedType, actualType);
}
