using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Scoring;

/// <summary>Reads a column of scalars, or of vectors of known size, as dense rows of one size.</summary>
internal sealed class DenseColumn<T>
{
    private readonly DataViewRow _row;
    private readonly string _name;
    private readonly ValueGetter<T>? _getScalar;
    private readonly ValueGetter<VBuffer<T>>? _getVector;
    private readonly T[] _values;
    private VBuffer<T> _buffer;

    /// <param name="row">A cursor for which <paramref name="column"/> is active.</param>
    /// <param name="column">A column whose items are of type <typeparamref name="T"/>.</param>
    public DenseColumn(DataViewRow row, DataViewSchema.Column column)
    {
        _row = row;
        _name = column.Name;
        _values = new T[ScoredColumns.SizeOf(column.Type)];
        if (column.Type is VectorDataViewType)
        {
            _getVector = row.GetGetter<VBuffer<T>>(column);
        }
        else
        {
            _getScalar = row.GetGetter<T>(column);
        }
    }

    /// <summary>Gets the values of the cursor's row; the next call overwrites them.</summary>
    /// <exception cref="InvalidOperationException">The row has another length, or the indices of a sparse row don't ascend within
    /// it.</exception>
    public ReadOnlySpan<T> Read()
    {
        if (_getScalar is not null)
        {
            _getScalar(ref _values[0]);
            return _values;
        }

        _getVector!(ref _buffer);
        if (_buffer.Length != _values.Length)
        {
            throw new InvalidOperationException(
                $"Row {_row.Position} of column '{Shown.Text(_name)}' has {_buffer.Length} values; {_values.Length} are expected, as the "
                    + $"column's type says. Make all rows of that length, or give the column the length that they have.");
        }

        ReadOnlySpan<T> values = _buffer.GetValues();
        if (_buffer.IsDense)
        {
            return values;
        }

        ReadOnlySpan<int> indices = _buffer.GetIndices();
        FeatureRow.CheckIndices(indices, _row.Position, _name, _values.Length);
        Array.Clear(_values);
        for (int i = 0; i < indices.Length; i++)
        {
            _values[indices[i]] = values[i];
        }

        return _values;
    }
}
