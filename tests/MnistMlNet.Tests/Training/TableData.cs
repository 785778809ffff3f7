using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Tests.Network;

namespace MnistMlNet.Tests.Training;

/// <summary>A plain table as an <see cref="IDataView"/>, as a user passes it to the trainer.</summary>
internal static class TableData
{
    /// <summary>Makes a view with the columns Label, a key of <paramref name="classCount"/> values, Features and Weight.</summary>
    /// <param name="sparse">Whether only the non-zero values of the features are given.</param>
    public static IDataView View(MLContext context, SampleRows rows, int classCount, bool sparse = false)
    {
        var definition = SchemaDefinition.Create(typeof(TableRow));
        definition[nameof(TableRow.Label)].ColumnType = new KeyDataViewType(typeof(uint), classCount);
        definition[nameof(TableRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows.InputCount);
        return context.Data.LoadFromEnumerable(Enumerable.Range(0, rows.RowCount).Select(r => new TableRow
        {
            Label = (uint)rows.Labels[r],                                      // LoadFromEnumerable takes keys from 0 and adds the 1 itself
            Features = Features(rows.Row(r).ToArray(), sparse),
            Weight = rows.Weights?[r] ?? 1,
        }).ToArray(), definition);
    }

    private static VBuffer<float> Features(float[] row, bool sparse)
    {
        if (!sparse)
        {
            return new VBuffer<float>(row.Length, row);
        }

        int[] indices = [.. Enumerable.Range(0, row.Length).Where(i => row[i] != 0)];
        return new VBuffer<float>(row.Length, indices.Length, [.. indices.Select(i => row[i])], indices);
    }

    private sealed class TableRow
    {
        public uint Label { get; set; }

        public VBuffer<float> Features { get; set; }

        public float Weight { get; set; }
    }
}
