using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>Schemas as lines of text, so that two can be compared completely and a difference is readable.</summary>
internal static class SchemaText
{
    private static readonly MethodInfo s_read = typeof(SchemaText).GetMethod(nameof(Read), BindingFlags.Static | BindingFlags.NonPublic)!;

    private static readonly MethodInfo s_shape = typeof(SchemaShape).GetMethod("Create", BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>The shape that ML.NET makes from a schema, with one of its internal methods.</summary>
    public static SchemaShape Shape(DataViewSchema schema) => (SchemaShape)s_shape.Invoke(null, [schema])!;

    /// <summary>Every column, hidden ones too, in order: index, name, type, and each annotation with its type and value, by name.</summary>
    public static string[] Lines(DataViewSchema schema) => [.. schema.SelectMany(column => new[]
    {
        $"{column.Index} {column.Name}: {column.Type}{(column.IsHidden ? " hidden" : "")}",
    }.Concat(Annotations(column).Select(line => "    " + line)))];

    public static string[] Annotations(DataViewSchema.Column column) => [.. column.Annotations.Schema
        .Select(annotation => $"{annotation.Name}: {annotation.Type} = "
            + $"{s_read.MakeGenericMethod(annotation.Type.RawType).Invoke(null, [column.Annotations, annotation])}")
        .Order(StringComparer.Ordinal)];

    /// <summary>Every column of a shape with the shapes of its annotations, by name.</summary>
    public static string[] Lines(SchemaShape shape) =>
        [.. shape.OrderBy(column => column.Name, StringComparer.Ordinal).SelectMany(column => new[]
    {
        $"{column.Name}: {column.Kind} {column.ItemType}{(column.IsKey ? " key" : "")}",
    }.Concat(Lines(column.Annotations).Select(line => "    " + line)))];

    private static string Read<T>(DataViewSchema.Annotations annotations, DataViewSchema.Column column)
    {
        T value = default!;
        annotations.GetGetter<T>(column)(ref value);
        return Text(value);
    }

    private static string Text(object? value) => value switch
    {
        null => "null",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ when value.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(VBuffer<>) =>
            string.Join(
                ", ", ((IEnumerable<object?>)typeof(SchemaText).GetMethod(nameof(Items), BindingFlags.Static | BindingFlags.NonPublic)!
                .MakeGenericMethod(type.GenericTypeArguments).Invoke(null, [value])!).Select(Text)),
        _ => value.ToString() ?? "",
    };

    private static IEnumerable<object?> Items<T>(VBuffer<T> values) => values.DenseValues().Select(item => (object?)item);
}
