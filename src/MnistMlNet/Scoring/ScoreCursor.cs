using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Scoring;

/// <summary>Goes over scored rows. Lazy: what nobody fetches isn't computed.</summary>
internal sealed class ScoreCursor(ScoreSchema schema, TwoLayerNetworkModelParameters model, DataViewRowCursor input, bool[] active)
    : DataViewRowCursor
{
    private readonly ScoreColumns _columns = new(schema, model, input, active);

    public override DataViewSchema Schema => schema.Output;

    public override long Position => input.Position;

    public override long Batch => input.Batch;

    public override bool MoveNext() => input.MoveNext();

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

/// <summary>One scored row over a row of the input; what <c>PredictionEngine</c> reads.</summary>
internal sealed class ScoreRow(ScoreSchema schema, TwoLayerNetworkModelParameters model, DataViewRow input, bool[] active) : DataViewRow
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
