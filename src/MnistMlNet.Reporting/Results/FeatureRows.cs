using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Reporting.Results;

/// <summary>The features of some test rows, and the spread of each feature over all of them.</summary>
internal sealed class FeatureRows
{
    private readonly Dictionary<long, float[]> _rows;

    private FeatureRows(IReadOnlyList<string>? names, Dictionary<long, float[]> rows, double[] deviations) =>
        (Names, _rows, Deviations) = (names, rows, deviations);

    /// <summary>Gets the names of the features; null where the column doesn't name them.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>Gets the standard deviation of each feature.</summary>
    public IReadOnlyList<double> Deviations { get; }

    /// <summary>Gets the features of a row by its position in the test data, from 1.</summary>
    public float[] Of(long row) => _rows[row];

    /// <param name="prepared">The rows as the network reads them.</param>
    /// <param name="network">The network.</param>
    /// <param name="wanted">The positions of the rows whose features are kept, from 1.</param>
    public static FeatureRows Read(IDataView prepared, TrainedNetwork network, IReadOnlySet<long> wanted)
    {
        DataViewSchema.Column column = prepared.Schema[network.Transformer.FeatureColumnName];
        int count = network.Model.InputCount;
        Dictionary<long, float[]> rows = [];
        double[] means = new double[count], squares = new double[count];
        long n = 0;
        using DataViewRowCursor cursor = prepared.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> features = default;
        float[] dense = new float[count];
        while (cursor.MoveNext())
        {
            get(ref features);
            features.CopyTo(dense);
            if (wanted.Contains(cursor.Position + 1))
            {
                rows.Add(cursor.Position + 1, [.. dense]);
            }

            if (Array.TrueForAll(dense, float.IsFinite))
            {
                // Welford's update, which doesn't lose the digits of features with a large mean.
                n++;
                for (int i = 0; i < count; i++)
                {
                    double difference = dense[i] - means[i];
                    means[i] += difference / n;
                    squares[i] += difference * (dense[i] - means[i]);
                }
            }
        }

        return new FeatureRows(
            ColumnText.SlotNames(column, count), rows, [.. squares.Select(square => Math.Sqrt(square / Math.Max(1, n)))]);
    }
}
