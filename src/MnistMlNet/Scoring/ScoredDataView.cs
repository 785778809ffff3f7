using Microsoft.ML;

namespace MnistMlNet.Scoring;

/// <summary>An input with <c>Score</c> and <c>PredictedLabel</c> added.</summary>
internal sealed class ScoredDataView(ScoreSchema schema, TwoLayerNetworkModelParameters model, IDataView input) : IDataView
{
    public DataViewSchema Schema => schema.Output;

    public bool CanShuffle => input.CanShuffle;

    public long? GetRowCount() => input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return new ScoreCursor(schema, model, input.GetRowCursor(schema.Dependencies(columns), rand), schema.Active(columns));
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        bool[] active = schema.Active(columns);
        return [.. input.GetRowCursorSet(schema.Dependencies(columns), n, rand).Select(cursor => new ScoreCursor(schema, model, cursor, active))];
    }
}
