using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Serialization.Onnx;

/// <summary>
/// Lets a fitted transformer map a few chosen values. So its state is read by the public interface, and by the arithmetic that the file
/// must reproduce: the value that replaces NaN, for example, is what NaN becomes.
/// </summary>
internal static class StepProbe
{
    /// <summary>Transforms rows of which one column has values, and returns the values of one output column.</summary>
    /// <param name="transformer">The fitted transformer, which maps row by row.</param>
    /// <param name="columns">All columns that the transformer reads, by name.</param>
    /// <param name="input">The name of the column that gets the values.</param>
    /// <param name="type">The type of its values.</param>
    /// <param name="values">One value for each row.</param>
    /// <param name="output">The output column.</param>
    /// <typeparam name="TInput">The raw type of <paramref name="type"/>.</typeparam>
    /// <typeparam name="TOutput">The raw type of the output column.</typeparam>
    public static TOutput[] Map<TInput, TOutput>(
        ITransformer transformer, IReadOnlyDictionary<string, OnnxColumn> columns, string input, DataViewType type, TInput[] values,
        string output)
    {
        var schema = new DataViewSchema.Builder();
        foreach ((string name, OnnxColumn column) in columns)
        {
            schema.AddColumn(name, name == input ? type : column.Type!, column.Annotations);
        }

        IDataView mapped = transformer.Transform(new Rows<TInput>(schema.ToSchema(), input, values));
        DataViewSchema.Column outputColumn = mapped.Schema[output];
        using DataViewRowCursor cursor = mapped.GetRowCursor([outputColumn]);
        ValueGetter<TOutput> getter = cursor.GetGetter<TOutput>(outputColumn);
        var results = new List<TOutput>();
        while (cursor.MoveNext())
        {
            TOutput result = default!;
            getter(ref result);
            results.Add(result);
        }

        return [.. results];
    }

    /// <summary>Rows of which one column has values. The other columns are part of the schema only.</summary>
    private sealed class Rows<T>(DataViewSchema schema, string column, T[] values) : IDataView
    {
        public DataViewSchema Schema => schema;

        public bool CanShuffle => false;

        public long? GetRowCount() => values.Length;

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(schema, schema[column].Index, values);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded, rand)];
    }

    private sealed class Cursor(DataViewSchema schema, int index, Array values) : DataViewRowCursor
    {
        private long _position = -1;

        public override DataViewSchema Schema => schema;

        public override long Position => _position;

        public override long Batch => 0;

        public override bool MoveNext() => ++_position < values.Length;

        public override bool IsColumnActive(DataViewSchema.Column column) => column.Index == index;

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new DataViewRowId((ulong)_position, 0);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ref TValue value) => value = ((TValue[])values)[_position];
    }
}
