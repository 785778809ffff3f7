using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Benchmarks.Data;

/// <summary>Reads the scores of all rows through a cursor, as <c>Evaluate</c> and every consumer does.</summary>
internal static class ScoreReader
{
    private const string Score = nameof(ScoreRow.Score);

    /// <returns>The sum of the first scores, so that no work can be optimized away.</returns>
    public static double Read(IDataView scored)
    {
        DataViewSchema.Column column = scored.Schema[Score];
        using DataViewRowCursor cursor = scored.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> score = default;
        double sum = 0;
        while (cursor.MoveNext())
        {
            getter(ref score);
            sum += score.GetItemOrDefault(0);
        }

        return sum;
    }

    public static float[] ReadAll(IDataView scored) => [.. scored.GetColumn<float[]>(Score).SelectMany(row => row)];
}
