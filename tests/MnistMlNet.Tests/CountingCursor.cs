using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests;

/// <summary>The cursor of a <see cref="CountingDataView"/>.</summary>
internal sealed class CountingCursor(DataViewRowCursor inner, Action<string> count) : DataViewRowCursor
{
    public override DataViewSchema Schema => inner.Schema;

    public override long Position => inner.Position;

    public override long Batch => inner.Batch;

    public override bool MoveNext() => inner.MoveNext();

    public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

    public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        ValueGetter<TValue> getter = inner.GetGetter<TValue>(column);
        return (ref TValue value) =>
        {
            count(column.Name);
            getter(ref value);
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
