using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Reporting.Results;

/// <summary>Texts from the annotations of a column.</summary>
internal static class ColumnText
{
    /// <summary>The name of each slot; null where the column doesn't name them.</summary>
    public static string[]? SlotNames(DataViewSchema.Column column, int count)
    {
        if (!column.HasSlotNames())
        {
            return null;
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.Length == count
            ? [.. names.DenseValues().Select((name, slot) => name.IsEmpty ? $"{column.Name} {slot}" : name.ToString())]
            : null;
    }

    /// <summary>The values of a key as text; null where it has none, or ones that have no text of their own.</summary>
    public static string[]? KeyValues(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull("KeyValues")?.Type is not VectorDataViewType { ItemType.RawType: var type })
        {
            return null;
        }

        return type == typeof(ReadOnlyMemory<char>) ? Read<ReadOnlyMemory<char>>()
            : type == typeof(bool) ? Read<bool>()
            : type == typeof(byte) ? Read<byte>()
            : type == typeof(int) ? Read<int>()
            : type == typeof(uint) ? Read<uint>()
            : type == typeof(long) ? Read<long>()
            : type == typeof(float) ? Read<float>()
            : type == typeof(double) ? Read<double>()
            : null;

        string[] Read<T>()
        {
            VBuffer<T> values = default;
            column.GetKeyValues(ref values);
            return [.. values.DenseValues().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
        }
    }

    /// <summary>A column of a schema.</summary>
    /// <exception cref="ArgumentException">It isn't there; the message names those that are.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, string remedy) =>
        schema.GetColumnOrNull(name) ?? throw new ArgumentException(
            $"The test data has no column '{name}' after the steps of the model; its columns are "
                + $"{string.Join(", ", schema.Where(column => !column.IsHidden).Select(column => $"'{column.Name}'"))}. {remedy}",
            "testData");
}
