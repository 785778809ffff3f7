using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Configuration;
using MnistMlNet.Primitives;

namespace MnistMlNet.Data;

/// <summary>Whether a row's label can be used.</summary>
internal enum LabelState
{
    Usable,
    Missing,
    NotFinite,
}

/// <summary>Reads the label of the row that a cursor stands at.</summary>
internal abstract class LabelReader
{
    /// <param name="label">The 0-based class; 0 where labels are numbers.</param>
    /// <param name="targets">Gets the targets: numbers, or 0, 1 or NaN (unknown) for answers; empty where labels are classes only.</param>
    public abstract LabelState Read(out int label, Span<float> targets);

    public static LabelReader Create(TrainingColumns columns, DataViewRowCursor cursor) => columns.Task switch
    {
        LearningTask.Multiclass => new OfKeys(columns, GetKeyGetter(cursor, columns.Label)),
        LearningTask.Binary when columns.Label.Type is KeyDataViewType => new OfPair(GetKeyGetter(cursor, columns.Label)),
        LearningTask.Binary => new OfAnswer(Numbers(cursor, columns.Label)),
        LearningTask.Regression => new OfNumbers(Numbers(cursor, columns.Label), columns, cursor),
        LearningTask.Multilabel => new OfAnswers(Numbers(cursor, columns.Label), columns, cursor),
        _ => throw UnknownMember.Of(columns.Task),
    };

    /// <summary>Makes a function that reads the key of the cursor's row, 0 for a missing label.</summary>
    public static Func<ulong> GetKeyGetter(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        Type raw = column.Type.RawType;
        return raw == typeof(byte) ? Getter<byte>(b => b)
            : raw == typeof(ushort) ? Getter<ushort>(s => s)
            : raw == typeof(uint) ? Getter<uint>(i => i)
            : Getter<ulong>(l => l);

        Func<ulong> Getter<T>(Func<T, ulong> widen)
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(column);
            return () =>
            {
                T key = default!;
                getter(ref key);
                return widen(key);
            };
        }
    }

    /// <summary>Reads numbers or booleans, one or a vector of them, as numbers.</summary>
    private static NumbersGetter Numbers(DataViewRowCursor cursor, DataViewSchema.Column column)
    {
        Type raw = column.Type.RawType;
        if (raw == typeof(bool))
        {
            ValueGetter<bool> get = cursor.GetGetter<bool>(column);
            bool value = false;
            return targets =>
            {
                get(ref value);
                targets[0] = value ? 1 : 0;
                return 1;
            };
        }

        if (raw == typeof(float))
        {
            ValueGetter<float> get = cursor.GetGetter<float>(column);
            return targets =>
            {
                get(ref targets[0]);
                return 1;
            };
        }

        if (raw == typeof(VBuffer<bool>))
        {
            ValueGetter<VBuffer<bool>> get = cursor.GetGetter<VBuffer<bool>>(column);
            VBuffer<bool> values = default;
            return targets =>
            {
                get(ref values);
                int k = 0;
                foreach (bool value in HasPlaces(values, targets.Length) ? values.DenseValues() : [])
                {
                    targets[k++] = value ? 1 : 0;
                }

                return values.Length;
            };
        }

        ValueGetter<VBuffer<float>> getVector = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> vector = default;
        return targets =>
        {
            getVector(ref vector);
            if (HasPlaces(vector, targets.Length))
            {
                vector.CopyTo(targets);
            }

            return vector.Length;
        };

        // Whether there are as many values as targets; the indices of a sparse vector must then be among them.
        bool HasPlaces<T>(in VBuffer<T> label, int length)
        {
            if (label.Length == length && !label.IsDense)
            {
                FeatureRow.CheckIndices(label.GetIndices(), cursor.Position, column.Name, length);
            }

            return label.Length == length;
        }
    }

    /// <summary>Puts the numbers of the label into a span.</summary>
    /// <returns>How many there were; where that is another number than there is room for, nothing was written.</returns>
    private delegate int NumbersGetter(Span<float> targets);

    private static void CheckLength(int length, TrainingColumns columns, DataViewRowCursor cursor)
    {
        if (length != columns.TargetCount)
        {
            throw new InvalidOperationException($"Row {cursor.Position} of column '{Shown.Text(columns.Label.Name)}' has {length} values; "
                + $"{columns.TargetCount} are expected, as the column's type says. Make all rows of that length, or give the column the "
                + $"length that they have.");
        }
    }

    private sealed class OfKeys(TrainingColumns columns, Func<ulong> getKey) : LabelReader
    {
        public override LabelState Read(out int label, Span<float> targets)
        {
            ulong key = getKey();
            bool isMissing = columns.IsMissing(key);
            label = isMissing ? 0 : columns.ClassOf((int)key - 1);
            return isMissing ? LabelState.Missing : LabelState.Usable;
        }
    }

    /// <summary>A key of two values: the second one is yes, as for ML.NET's binary trainers.</summary>
    private sealed class OfPair(Func<ulong> getKey) : LabelReader
    {
        public override LabelState Read(out int label, Span<float> targets)
        {
            ulong key = getKey();
            label = key == 2 ? 1 : 0;
            targets[0] = label;
            return key is 1 or 2 ? LabelState.Usable : LabelState.Missing;
        }
    }

    /// <summary>A boolean, or a number: above 0 is yes, as for ML.NET's binary trainers, and NaN is missing.</summary>
    private sealed class OfAnswer(NumbersGetter get) : LabelReader
    {
        public override LabelState Read(out int label, Span<float> targets)
        {
            get(targets);
            bool isMissing = float.IsNaN(targets[0]);
            label = targets[0] > 0 ? 1 : 0;
            targets[0] = label;
            return isMissing ? LabelState.Missing : LabelState.Usable;
        }
    }

    private sealed class OfNumbers(NumbersGetter get, TrainingColumns columns, DataViewRowCursor cursor) : LabelReader
    {
        /// <summary>
        /// The largest target. The terms of a score may be some hundred times larger, and their sum would overflow. Larger numbers stand
        /// for a missing value: many programs write the largest float for it.
        /// </summary>
        private const float MaxTarget = 1e36f;

        public override LabelState Read(out int label, Span<float> targets)
        {
            label = 0;
            CheckLength(get(targets), columns, cursor);
            foreach (float target in targets)
            {
                if (!(Math.Abs(target) <= MaxTarget))
                {
                    return float.IsNaN(target) ? LabelState.Missing : LabelState.NotFinite;
                }

                if (columns.AreCounts && target < 0)
                {
                    throw new InvalidOperationException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"Row {cursor.Position} of column '{Shown.Text(columns.Label.Name)}' has the label {target}; "
                        + $"RegressionLoss.Poisson needs 0 or above. "
                        + $"Choose another Options.Loss, or correct the row."));
                }
            }

            return LabelState.Usable;
        }
    }

    private sealed class OfAnswers(NumbersGetter get, TrainingColumns columns, DataViewRowCursor cursor) : LabelReader
    {
        public override LabelState Read(out int label, Span<float> targets)
        {
            label = 0;
            CheckLength(get(targets), columns, cursor);
            bool isAnyKnown = false;
            for (int k = 0; k < targets.Length; k++)
            {
                if (targets[k] is not (0 or 1) && !float.IsNaN(targets[k]))
                {
                    throw new InvalidOperationException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"Row {cursor.Position} of column '{Shown.Text(columns.Label.Name)}' has the label {targets[k]} in slot {k}; "
                        + $"0, 1 or NaN (unknown) is expected. "
                        + $"For other numbers use the regression trainer."));
                }

                isAnyKnown |= !float.IsNaN(targets[k]);
            }

            return isAnyKnown ? LabelState.Usable : LabelState.Missing;
        }
    }
}
