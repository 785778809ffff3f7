using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MnistMlNet.Extensibility;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>The type of a column, of a data view or of a schema shape, for the errors about it.</summary>
/// <param name="Text">The type as ML.NET writes it.</param>
internal readonly record struct ColumnType(SchemaShape.Column.VectorKind Kind, DataViewType Item, bool IsKey, string Text)
{
    public static ColumnType Of(DataViewType type)
    {
        DataViewType item = (type as VectorDataViewType)?.ItemType ?? type;
        SchemaShape.Column.VectorKind kind = type switch
        {
            VectorDataViewType { Size: > 0 } => SchemaShape.Column.VectorKind.Vector,
            VectorDataViewType => SchemaShape.Column.VectorKind.VariableVector,
            _ => SchemaShape.Column.VectorKind.Scalar,
        };
        return new ColumnType(kind, item, item is KeyDataViewType, type.ToString() ?? "");
    }
}

/// <summary>ML.NET's errors about the columns of a trainer or scorer, with what to do added to their text.</summary>
internal static class ColumnErrors
{
    /// <summary>The error for a column that isn't there: the names that are, and the nearest one.</summary>
    public static Exception Missing(IExceptionContext context, string argument, string role, string name, IEnumerable<string> existing)
    {
        string[] names = [.. existing.Distinct()];
        string nearest = NearestName.Of(name, names) is { } near ? $"Did you mean '{Shown.Text(near)}'? " : "";
        return context.ExceptSchemaMismatch(argument, role, name, nearest + (names.Length == 0
            ? "There are no columns."
            : $"The columns are {Shown.List(names.Select(column => $"'{column}'"))}."));
    }

    /// <summary>The error for features of another type.</summary>
    public static Exception WrongFeatures(IExceptionContext context, string argument, string name, string expected, ColumnType type) =>
        context.ExceptSchemaMismatch(argument, "feature", name, expected, type.Text + Remedy(Shown.Text(name), type));

    /// <summary>The error for weights of another type.</summary>
    public static Exception WrongWeight(IExceptionContext context, string argument, string name, ColumnType type)
    {
        bool isNumber =
            type is { Kind: SchemaShape.Column.VectorKind.Scalar, IsKey: false, Item: NumberDataViewType or BooleanDataViewType };
        string remedy = isNumber ? $". Append Conversion.ConvertType(\"{Shown.Text(name)}\") before" : "";
        return context.ExceptSchemaMismatch(argument, "weight", name, "Single", type.Text + remedy);
    }

    private static string Remedy(string name, ColumnType type)
    {
        bool isScalar = type.Kind == SchemaShape.Column.VectorKind.Scalar;
        string numbers = type switch
        {
            { IsKey: true } => $". A key isn't a number: append Conversion.MapKeyToVector(\"{name}\") before",
            { Item: TextDataViewType } =>
                $". For categories append Categorical.OneHotEncoding(\"{name}\") before, for text Text.FeaturizeText(\"{name}\")",
            { Item: NumberDataViewType or BooleanDataViewType } when type.Item != NumberDataViewType.Single =>
                $". Append Conversion.ConvertType(\"{name}\") before" + (isScalar ? ", and Concatenate" : ""),
            { Item: NumberDataViewType } when isScalar =>
                $". One number isn't a vector: append Concatenate(\"{name}\", …) before, with the names of all feature columns",
            _ => "",
        };
        return type.Kind == SchemaShape.Column.VectorKind.VariableVector && !type.IsKey && type.Item is not TextDataViewType
            ? $"{numbers}. The length must be known from the schema: put [VectorType(n)] on the property, with n the number of features"
            : numbers;
    }
}
