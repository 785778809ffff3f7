using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Extensibility;

namespace MnistMlNet.Scoring;

/// <summary>A data view with <c>Score</c> and <c>PredictedLabel</c> added.</summary>
/// <param name="schema">The columns.</param>
/// <param name="model">The network.</param>
/// <param name="input">The rows to score.</param>
/// <param name="writeOnnx">Adds the nodes of the added columns to the graph of ML.NET's <c>ConvertToOnnx</c>.</param>
internal sealed class ScoredDataView(
    ScoreSchema schema, TwoLayerNetworkModelParametersBase model, IDataView input, Action<OnnxConverterGraph> writeOnnx)
    : OnnxConvertibleView(input)
{
    private readonly IDataView _input = input;

    public override DataViewSchema Schema => schema.Output;

    public override bool CanShuffle => _input.CanShuffle;

    public override long? GetRowCount() => _input.GetRowCount();

    public override DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        return new ScoreCursor(schema, model, _input.GetRowCursor(schema.Dependencies(columns), rand), schema.Active(columns));
    }

    public override DataViewRowCursor[] GetRowCursorSet(
        IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        bool[] active = schema.Active(columns);
        return [.. _input.GetRowCursorSet(schema.Dependencies(columns), n, rand).Select(cursor =>
            new ScoreCursor(schema, model, cursor, active))];
    }

    private protected override void WriteOnnx(OnnxConverterGraph graph) => writeOnnx(graph);
}

/// <summary>Adds <c>Score</c> and <c>PredictedLabel</c> to one row at a time.</summary>
internal sealed class ScoreRowMapper(ScoreSchema schema, TwoLayerNetworkModelParametersBase model) : IRowToRowMapper
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

/// <summary>A cursor over scored rows. Scores are computed only when they are read.</summary>
internal sealed class ScoreCursor : DataViewRowCursor
{
    private readonly ScoreSchema _schema;
    private readonly BlockCursor _input;
    private readonly ScoreColumns _columns;

    public ScoreCursor(ScoreSchema schema, TwoLayerNetworkModelParametersBase model, DataViewRowCursor input, bool[] active)
    {
        _schema = schema;
        _input = new BlockCursor(model, input, schema.FeatureColumn, schema.PassedOn(active));
        _columns = new ScoreColumns(schema, model, _input, active) { Blocks = _input };
    }

    public override DataViewSchema Schema => _schema.Output;

    public override long Position => _input.Position;

    public override long Batch => _input.Batch;

    public override bool MoveNext() => _input.MoveNext();

    public override ValueGetter<DataViewRowId> GetIdGetter() => _input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _input.Dispose();
        }

        base.Dispose(disposing);
    }
}

/// <summary>One scored row, based on a row of the input, for <c>PredictionEngine</c>.</summary>
internal sealed class ScoreRow(ScoreSchema schema, TwoLayerNetworkModelParametersBase model, DataViewRow input, bool[] active) : DataViewRow
{
    private readonly ScoreColumns _columns = new(schema, model, input, active);

    public override DataViewSchema Schema => schema.Output;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

    public override bool IsColumnActive(DataViewSchema.Column column) => _columns.IsActive(column);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => _columns.GetGetter<TValue>(column);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            input.Dispose();
        }

        base.Dispose(disposing);
    }
}
