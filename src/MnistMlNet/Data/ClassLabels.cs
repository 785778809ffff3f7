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

    /// <summary>
    /// Gets the values as invariant text: two different values never have the same text. Only for display; classes are matched by value.
    /// </summary>
    public abstract ImmutableArray<string> Texts { get; }

    /// <summary>
    /// Gets the values in a form that can be compared between columns: numbers of different types are equal if their values are, texts are
    /// compared by their characters, and times by their ticks.
    /// </summary>
    public abstract ImmutableArray<object> ComparableValues { get; }

    /// <summary>Adds the values in their own type to a column's annotations.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder annotations, string name);

    /// <summary>Gives the values that have the given texts, in their order.</summary>
    /// <param name="missing">The first text that no value has, where the values aren't texts; else empty.</param>
    /// <returns>Null where one is missing.</returns>
    public abstract ClassLabels? WithTexts(ImmutableArray<string> texts, out string missing);

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

    /// <summary>Creates labels that are texts.</summary>
    public static ClassLabels OfTexts(ImmutableArray<string> texts) =>
        Create(TextDataViewType.Instance, Array.ConvertAll(texts.ToArray(), text => text.AsMemory()));

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

        public override ImmutableArray<string> Texts { get; } = MakeTexts(values);

        public override ImmutableArray<object> ComparableValues => [.. values.Select(Comparable)];

        public override void AddTo(DataViewSchema.Annotations.Builder annotations, string name) => annotations.Add(
            name, new VectorDataViewType(type, values.Length),
            (ref VBuffer<T> destination) =>
            {
                VBufferEditor<T> editor = VBufferEditor.Create(ref destination, values.Length);
                values.CopyTo(editor.Values);
                destination = editor.Commit();
            });

        public override ClassLabels? WithTexts(ImmutableArray<string> texts, out string missing)
        {
            missing = "";
            if (values is ReadOnlyMemory<char>[])
            {
                return OfTexts(texts);
            }

            var byText = new Dictionary<string, T>();
            foreach ((int c, string text) in Texts.Index())
            {
                byText.TryAdd(text, values[c]);
            }

            missing = texts.FirstOrDefault(text => !byText.ContainsKey(text)) ?? "";
            return texts.All(byText.ContainsKey) ? Create(type, [.. texts.Select(text => byText[text])]) : null;
        }

        private static ImmutableArray<string> MakeTexts(T[] values)
        {
            string[] texts = Array.ConvertAll(values, value =>
                value is IFormattable formattable ? formattable.ToString(null, CultureInfo.InvariantCulture) : value.ToString() ?? "");

            // The short text of a time ends with the seconds; those of all other types can be read back to the same value.
            if (values is DateTime[] or DateTimeOffset[])
            {
                HashSet<string> repeated = [.. texts.GroupBy(text => text).Where(group => group.Count() > 1).Select(group => group.Key)];
                for (int c = 0; c < texts.Length; c++)
                {
                    texts[c] = repeated.Contains(texts[c]) ? RoundTrip(values[c]) : texts[c];
                }
            }

            return [.. texts];
        }

        // Without the kind (UTC, local), which a model file doesn't have: a loaded model has the same class names.
        private static string RoundTrip(T value) => value switch
        {
            DateTime time => DateTime.SpecifyKind(time, DateTimeKind.Unspecified).ToString("O", CultureInfo.InvariantCulture),
            IFormattable time => time.ToString("O", CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

        private static object Comparable(T value) => value switch
        {
            ReadOnlyMemory<char> text => text.ToString(),
            sbyte number => (Int128)number,
            byte number => (Int128)number,
            short number => (Int128)number,
            ushort number => (Int128)number,
            int number => (Int128)number,
            uint number => (Int128)number,
            long number => (Int128)number,
            ulong number => (Int128)number,
            float number when IsWhole(number) => (Int128)number,
            float number => (double)number,
            double number when IsWhole(number) => (Int128)number,
            _ => value,
        };

        // Below 2¹²⁶ every whole number that a double can hold fits in an Int128.
        private static bool IsWhole(double number) => double.IsInteger(number) && Math.Abs(number) < Math.ScaleB(1, 126);
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
