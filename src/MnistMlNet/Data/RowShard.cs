using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Data;

/// <summary>The rows of a data view at the positions whose remainder by a number is in a range.</summary>
/// <remarks>
/// The rows are filtered while they are read, so the source is read as a whole, but only the values of this part are asked for. The source
/// isn't shuffled, because that would change which rows belong to the part.
/// </remarks>
internal sealed class RowShard(IDataView source, int first, int end, int count) : IDataView
{
    public bool CanShuffle => false;

    public DataViewSchema Schema => source.Schema;

    public long? GetRowCount() => source.GetRowCount() is { } rows
        ? rows / count * (end - first) + Math.Clamp(rows % count - first, 0, end - first)
        : null;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(source.GetRowCursor(columnsNeeded), first, end, count);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded)];

    private sealed class Cursor(DataViewRowCursor source, int first, int end, int count) : DataViewRowCursor
    {
        private long _position = -1;
        private long _sourceRow = -1;

        public override long Position => _position;

        public override long Batch => source.Batch;

        public override DataViewSchema Schema => source.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => source.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => source.GetGetter<TValue>(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => source.GetIdGetter();

        public override bool MoveNext()
        {
            while (source.MoveNext())
            {
                long remainder = ++_sourceRow % count;
                if (remainder >= first && remainder < end)
                {
                    _position++;
                    return true;
                }
            }

            _position = -1;
            return false;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
