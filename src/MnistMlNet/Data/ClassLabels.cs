using System.Collections.Immutable;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>The key values of the label column: the names of the classes, in the type of the training data.</summary>
internal abstract class ClassLabels
{
    /// <summary>Gets the type of one key value.</summary>
    public abstract PrimitiveDataViewType ItemType { get; }

    /// <summary>Gets the values, one for each class.</summary>
    public abstract Array Values { get; }

    /// <summary>Gets the values as invariant text.</summary>
    public abstract ImmutableArray<string> Texts { get; }

    /// <summary>Adds the values in their own type to a column's annotations.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder annotations, string name);

    /// <summary>Reads the key values of a label column; returns null where it has none.</summary>
    public static ClassLabels? From(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationNames.KeyValues)?.Type is not VectorDataViewType { ItemType: var type })
        {
            return null;
        }

        return type.RawType switch
        {
            var t when t == typeof(ReadOnlyMemory<char>) => Read<ReadOnlyMemory<char>>(column, type),
            var t when t == typeof(bool) => Read<bool>(column, type),
            var t when t == typeof(sbyte) => Read<sbyte>(column, type),
            var t when t == typeof(byte) => Read<byte>(column, type),
            var t when t == typeof(short) => Read<short>(column, type),
            var t when t == typeof(ushort) => Read<ushort>(column, type),
            var t when t == typeof(int) => Read<int>(column, type),
            var t when t == typeof(uint) => Read<uint>(column, type),
            var t when t == typeof(long) => Read<long>(column, type),
            var t when t == typeof(ulong) => Read<ulong>(column, type),
            var t when t == typeof(float) => Read<float>(column, type),
            var t when t == typeof(double) => Read<double>(column, type),
            var t when t == typeof(DateTime) => Read<DateTime>(column, type),
            var t when t == typeof(DateTimeOffset) => Read<DateTimeOffset>(column, type),
            var t when t == typeof(TimeSpan) => Read<TimeSpan>(column, type),
            var t => throw new NotSupportedException($"The key values of label column '{Shown.Text(column.Name)}' are of type {t}; text, "
                + $"numbers, booleans and times are supported."),
        };
    }

    /// <summary>Creates labels from given values.</summary>
    public static ClassLabels Create<T>(PrimitiveDataViewType type, T[] values)
        where T : notnull =>
        new Typed<T>(type, values);

    /// <summary>The names of classes whose label column has no key values: "0", "1", ….</summary>
    public static IEnumerable<string> Numbered(int count) =>
        Enumerable.Range(0, count).Select(c => c.ToString(CultureInfo.InvariantCulture));

    private static Typed<T> Read<T>(DataViewSchema.Column column, PrimitiveDataViewType type)
        where T : notnull
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return new Typed<T>(type, [.. values.DenseValues()]);
    }

    private sealed class Typed<T>(PrimitiveDataViewType type, T[] values) : ClassLabels
        where T : notnull
    {
        public override PrimitiveDataViewType ItemType => type;

        public override Array Values => values;

        public override ImmutableArray<string> Texts { get; } =
            [.. values.Select(value =>
                value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString() ?? "")];

        public override void AddTo(DataViewSchema.Annotations.Builder annotations, string name) => annotations.Add(
            name, new VectorDataViewType(type, values.Length),
            (ref VBuffer<T> destination) =>
            {
                VBufferEditor<T> editor = VBufferEditor.Create(ref destination, values.Length);
                values.CopyTo(editor.Values);
                destination = editor.Commit();
            });
    }
}

/// <summary>The annotations by which ML.NET's evaluators find score columns; ML.NET's own constants for them are internal.</summary>
internal static class AnnotationNames
{
    public const string KeyValues = "KeyValues";
    public const string SlotNames = "SlotNames";
    public const string TrainingLabelValues = "TrainingLabelValues";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreColumnSetId = "ScoreColumnSetId";
    public const string ScoreValueKind = "ScoreValueKind";
    public const string MulticlassClassification = "MulticlassClassification";
    public const string Regression = "Regression";
    public const string Multilabel = "MultilabelClassification";
    public const string IsNormalized = "IsNormalized";
    public const string Probability = "Probability";
    public const string Score = "Score";
    public const string PredictedLabel = "PredictedLabel";
}
