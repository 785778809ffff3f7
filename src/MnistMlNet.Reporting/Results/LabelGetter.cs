using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Reporting.Results;

/// <summary>Reads labels in every form that the trainers take.</summary>
internal static class LabelGetter
{
    /// <summary>Reads the class of the cursor's row as its index in <paramref name="classNames"/>, or -1 for none of them.</summary>
    public static Func<int> OfClasses(DataViewRowCursor cursor, DataViewSchema.Column column, IReadOnlyList<string> classNames)
    {
        Dictionary<string, int> indices = [];
        foreach ((int index, string name) in classNames.Index())
        {
            indices.TryAdd(name, index);
        }

        if (column.Type is KeyDataViewType key)
        {
            // Keys of another mapping may be in another order; without values of their own, keys are indices.
            string[]? values = ColumnText.KeyValues(column);
            int[] classes = values is not null && values.Any(indices.ContainsKey)
                ? [.. values.Select(value => indices.GetValueOrDefault(value, -1))]
                : [.. Enumerable.Range(0, classNames.Count)];
            Func<ulong> get = OfKey(cursor, column, key);
            return () => get() is var index and > 0 && index <= (ulong)classes.Length ? classes[index - 1] : -1;
        }

        Func<string> text = OfText(cursor, column);
        return () => indices.GetValueOrDefault(text(), -1);
    }

    /// <summary>
    /// Reads numbers or answers of the cursor's row: 1 and 0 stand for yes and no, NaN for a missing value. A key of two values is an
    /// answer; the second one is yes.
    /// </summary>
    public static Action<float[]> OfNumbers(DataViewRowCursor cursor, DataViewSchema.Column column, int count)
    {
        if (column.Type is KeyDataViewType key)
        {
            Func<ulong> get = OfKey(cursor, column, key);
            return values => values[0] = get() switch { 1 => 0, 2 => 1, _ => float.NaN };
        }

        Type raw = column.Type.RawType;
        return raw == typeof(bool) ? Scalar<bool>(value => value ? 1 : 0)
            : raw == typeof(float) ? Scalar<float>(value => value)
            : raw == typeof(double) ? Scalar<double>(value => (float)value)
            : raw == typeof(int) ? Scalar<int>(value => value)
            : raw == typeof(VBuffer<bool>) ? Vector<bool>(value => value ? 1 : 0)
            : raw == typeof(VBuffer<float>) ? Vector<float>(value => value)
            : throw Unsupported(column, "numbers or booleans");

        Action<float[]> Scalar<T>(Func<T, float> convert)
        {
            ValueGetter<T> get = cursor.GetGetter<T>(column);
            T value = default!;
            return values =>
            {
                get(ref value);
                values[0] = convert(value);
            };
        }

        Action<float[]> Vector<T>(Func<T, float> convert)
        {
            ValueGetter<VBuffer<T>> get = cursor.GetGetter<VBuffer<T>>(column);
            VBuffer<T> vector = default;
            return values =>
            {
                get(ref vector);
                if (vector.Length != count)
                {
                    throw new ArgumentException(
                        $"Row {cursor.Position + 1} of column '{column.Name}' has {vector.Length} values; the model predicts {count}. "
                        + "Give the label column that the model was trained on.", "testData");
                }

                int slot = 0;
                foreach (T value in vector.DenseValues())
                {
                    values[slot++] = convert(value);
                }
            };
        }
    }

    private static Func<ulong> OfKey(DataViewRowCursor cursor, DataViewSchema.Column column, KeyDataViewType key)
    {
        return key.RawType == typeof(byte) ? Getter<byte>(value => value)
            : key.RawType == typeof(ushort) ? Getter<ushort>(value => value)
            : key.RawType == typeof(uint) ? Getter<uint>(value => value)
            : Getter<ulong>(value => value);

        Func<ulong> Getter<T>(Func<T, ulong> widen)
        {
            ValueGetter<T> get = cursor.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                get(ref value);
                return widen(value);
            };
        }
    }

    private static Func<string> OfText(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        Type raw = column.Type.RawType;
        return raw == typeof(ReadOnlyMemory<char>) ? Getter<ReadOnlyMemory<char>>()
            : raw == typeof(bool) ? Getter<bool>()
            : raw == typeof(int) ? Getter<int>()
            : raw == typeof(float) ? Getter<float>()
            : throw Unsupported(column, "keys, texts or numbers");

        Func<string> Getter<T>()
        {
            ValueGetter<T> get = cursor.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                get(ref value);
                return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            };
        }
    }

    private static ArgumentException Unsupported(DataViewSchema.Column column, string expected) => new(
        $"The label column '{column.Name}' is of type {column.Type}; {expected} are expected for this model. "
            + "Set TrainingReportOptions.LabelColumnName to the column that the model was trained on.",
        "testData");
}
