using System.Collections.Concurrent;
using Microsoft.ML;

namespace MnistMlNet.Tests;

/// <summary>A view that counts which columns are requested and how often each is fetched.</summary>
internal sealed class CountingDataView(IDataView inner) : IDataView
{
    private readonly ConcurrentDictionary<string, int> _fetches = new();

    public DataViewSchema Schema => inner.Schema;

    public bool CanShuffle => inner.CanShuffle;

    /// <summary>Gets the names of the columns that cursors were requested for.</summary>
    public ConcurrentBag<string> Asked { get; } = [];

    public int Fetches(string column) => _fetches.GetValueOrDefault(column);

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new CountingCursor(inner.GetRowCursor(Note(columnsNeeded), rand), Count);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [.. inner.GetRowCursorSet(Note(columnsNeeded), n, rand).Select(cursor => new CountingCursor(cursor, Count))];

    private DataViewSchema.Column[] Note(IEnumerable<DataViewSchema.Column> columnsNeeded)
    {
        DataViewSchema.Column[] columns = [.. columnsNeeded];
        Array.ForEach(columns, column => Asked.Add(column.Name));
        return columns;
    }

    private void Count(string column) => _fetches.AddOrUpdate(column, 1, (_, count) => count + 1);
}
