using Microsoft.ML;
using Microsoft.ML.Data;

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
        return [.. input.GetRowCursorSet(schema.Dependencies(columns), n, rand).Select(cursor =>
            new ScoreCursor(schema, model, cursor, active))];
    }
}

/// <summary>Adds <c>Score</c> and <c>PredictedLabel</c> to one row at a time.</summary>
internal sealed class ScoreRowMapper(ScoreSchema schema, TwoLayerNetworkModelParameters model) : IRowToRowMapper
{
    public DataViewSchema InputSchema => schema.Input;

    public DataViewSchema OutputSchema => schema.Output;

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns) =>
        schema.Dependencies(dependingColumns);

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (!ReferenceEquals(input.Schema, schema.Input))
        {
            throw new ArgumentException("The row's schema isn't the one that this mapper was made for.", nameof(input));
        }

        return new ScoreRow(schema, model, input, schema.Active(activeColumns));
    }
}
