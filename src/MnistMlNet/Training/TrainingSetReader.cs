using System.Numerics.Tensors;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>IDataView → packed rows, in one pass of one cursor.</summary>
internal sealed class TrainingSetReader(TrainingColumns columns, IKernels kernels, Action checkCanceled)
{
    /// <summary>Rows between two looks at the cancel flags.</summary>
    private const int RowsBetweenChecks = 256;

    /// <param name="data">Rows of the schema that <c>columns</c> was made from.</param>
    public TrainingSet Read(IDataView data)
    {
        var builder = new PackedRowsBuilder(columns.InputCount, kernels);
        var skipped = new SkippedRows();
        float[]? largest = columns.AreFeaturesNormalized ? null : new float[columns.InputCount];
        using DataViewRowCursor cursor = data.GetRowCursor(columns.All);
        Func<ulong> getLabel = LabelGetter(cursor);
        ValueGetter<VBuffer<float>> getFeatures = cursor.GetGetter<VBuffer<float>>(columns.Features);
        ValueGetter<float>? getWeight = columns.Weight is { } weightColumn ? cursor.GetGetter<float>(weightColumn) : null;
        VBuffer<float> features = default;
        for (long row = 0; cursor.MoveNext(); row++)
        {
            if (row % RowsBetweenChecks == 0)
            {
                checkCanceled();
            }

            ulong key = getLabel();
            if (key == 0 || key > (ulong)columns.ClassCount)
            {
                skipped.MissingLabel++;
                continue;
            }

            float weight = 1;
            getWeight?.Invoke(ref weight);
            if (!(weight > 0) || float.IsInfinity(weight))
            {
                skipped.WeightOutOfRange++;
                continue;
            }

            getFeatures(ref features);
            ReadOnlySpan<float> values = features.GetValues();

            // NaN and the infinities come through a sum of magnitudes; an overflow of finite values looks the same, so then look closely.
            if (!float.IsFinite(TensorPrimitives.SumOfMagnitudes(values)) && !AllFinite(values))
            {
                skipped.FeatureNotFinite++;
                continue;
            }

            int label = (int)key - 1;
            if (features.IsDense)
            {
                if (largest is not null)
                {
                    TensorPrimitives.MaxMagnitude(largest, values, largest);
                }

                builder.AddDense(values, label, weight);
            }
            else
            {
                ReadOnlySpan<int> indices = features.GetIndices();
                for (int n = 0; largest is not null && n < indices.Length; n++)
                {
                    largest[indices[n]] = MathF.MaxMagnitude(largest[indices[n]], values[n]);
                }

                builder.AddSparse(indices, values, label, weight);
            }
        }

        return new TrainingSet(builder.Build(weighted: getWeight is not null), skipped, largest);
    }

    private static bool AllFinite(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private Func<ulong> LabelGetter(DataViewRowCursor cursor)
    {
        Type raw = columns.Label.Type.RawType;
        return raw == typeof(byte) ? Getter<byte>(b => b)
            : raw == typeof(ushort) ? Getter<ushort>(s => s)
            : raw == typeof(uint) ? Getter<uint>(i => i)
            : Getter<ulong>(l => l);

        Func<ulong> Getter<T>(Func<T, ulong> widen)
        {
            ValueGetter<T> getter = cursor.GetGetter<T>(columns.Label);
            return () =>
            {
                T key = default!;
                getter(ref key);
                return widen(key);
            };
        }
    }
}
