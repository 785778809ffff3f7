using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Mnist;

/// <summary>A <see cref="DigitSet"/> as a data view, with the columns <c>Label</c> (text) and <c>Features</c> (vector of single).</summary>
internal sealed class IdxDataView : IDataView
{
    internal const int LabelColumn = 0;

    /// <summary>Creates the view; the rows are those of <paramref name="digits"/>, in its order.</summary>
    public IdxDataView(DigitSet digits)
    {
        Digits = digits;
        DataViewSchema.Builder builder = new();
        builder.AddColumn("Label", TextDataViewType.Instance);
        builder.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, digits.PixelCount));
        Schema = builder.ToSchema();
    }

    /// <inheritdoc/>
    public DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public bool CanShuffle => true;

    internal DigitSet Digits { get; }

    /// <inheritdoc/>
    public long? GetRowCount() => Digits.Count;

    /// <inheritdoc/>
    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        GetRowCursorSet(columnsNeeded, n: 1, rand)[0];

    /// <inheritdoc/>
    /// <remarks>
    /// Blocks of <see cref="IdxRowCursor.BlockSize"/> rows are assigned to the cursors in a cycle; the number of the block is the batch
    /// number of its rows.
    /// </remarks>
    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        ArgumentNullException.ThrowIfNull(columnsNeeded);
        var active = new bool[Schema.Count];
        foreach (DataViewSchema.Column column in columnsNeeded)
        {
            if (column.Index >= Schema.Count || column.Name != Schema[column.Index].Name)
            {
                throw new ArgumentException($"Column '{Shown.Text(column.Name)}' (index {column.Index}) is not one of this data view's: "
                    + $"Label, Features.", nameof(columnsNeeded));
            }

            active[column.Index] = true;
        }

        int blockCount = (Digits.Count + IdxRowCursor.BlockSize - 1) / IdxRowCursor.BlockSize;
        int cursorCount = Math.Clamp(n > 0 ? n : Environment.ProcessorCount, 1, Math.Max(1, blockCount));
        int[]? order = ShuffledOrder(rand);
        var cursors = new DataViewRowCursor[cursorCount];
        for (int i = 0; i < cursors.Length; i++)
        {
            cursors[i] = new IdxRowCursor(this, active, order, firstBlock: i, blockStep: cursorCount);
        }

        return cursors;
    }

    // One order for the whole set: each cursor reads its blocks of it, so that all cursors together return every row once.
    private int[]? ShuffledOrder(Random? rand)
    {
        if (rand is null)
        {
            return null;
        }

        var order = new int[Digits.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        rand.Shuffle(order);
        return order;
    }
}

/// <summary>A cursor over every <c>blockStep</c>-th block of an <see cref="IdxDataView"/>'s rows.</summary>
internal sealed class IdxRowCursor : DataViewRowCursor
{
    /// <summary>The number of rows with the same batch number; as many as ML.NET's own consolidating cursor buffers.</summary>
    public const int BlockSize = 64;

    private static readonly ReadOnlyMemory<char>[] s_labelTexts =
        [.. Enumerable.Range(0, IdxLimits.DigitCount).Select(digit => ((char)('0' + digit)).ToString().AsMemory())];

    private readonly DigitSet _digits;
    private readonly bool[] _active;
    private readonly int[]? _order;
    private readonly int _blockStep;
    private int _block;
    private int _inBlock = -1;
    private long _position = -1;
    private bool _isDone;

    public IdxRowCursor(IdxDataView view, bool[] active, int[]? order, int firstBlock, int blockStep)
    {
        Schema = view.Schema;
        _digits = view.Digits;
        _active = active;
        _order = order;
        _block = firstBlock;
        _blockStep = blockStep;
    }

    /// <inheritdoc/>
    public override DataViewSchema Schema { get; }

    /// <inheritdoc/>
    public override long Position => _position;

    /// <inheritdoc/>
    public override long Batch => _block;

    /// <inheritdoc/>
    public override bool MoveNext()
    {
        if (_isDone)
        {
            return false;
        }

        if (++_inBlock == BlockSize)
        {
            _inBlock = 0;
            _block += _blockStep;
        }

        if (((long)_block * BlockSize) + _inBlock >= _digits.Count)
        {
            _isDone = true;
            _position = -1;
            return false;
        }

        _position++;
        return true;
    }

    /// <inheritdoc/>
    public override bool IsColumnActive(DataViewSchema.Column column) =>
        column.Index < _active.Length
            ? _active[column.Index]
            : throw new ArgumentOutOfRangeException(nameof(column), column.Index,
                $"Column '{Shown.Text(column.Name)}' is not one of this cursor's {_active.Length}.");

    /// <inheritdoc/>
    public override ValueGetter<DataViewRowId> GetIdGetter() =>
        (ref DataViewRowId id) => id = new DataViewRowId((ulong)CurrentRow(), 0);

    /// <inheritdoc/>
    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        if (!IsColumnActive(column))
        {
            throw new ArgumentOutOfRangeException(nameof(column), Shown.Text(column.Name),
                $"Column '{Shown.Text(column.Name)}' was not asked for when this cursor was made.");
        }

        Delegate getter = column.Index == IdxDataView.LabelColumn
            ? new ValueGetter<ReadOnlyMemory<char>>(GetLabel)
            : new ValueGetter<VBuffer<float>>(GetFeatures);
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException(
                $"Invalid TValue in GetGetter for column '{Shown.Text(column.Name)}': '{typeof(TValue)}', expected type: "
                    + $"'{column.Type.RawType}'.");
    }

    private int CurrentRow()
    {
        if (_position < 0)
        {
            throw new InvalidOperationException("The cursor stands before the first or behind the last row; values can be fetched only "
                + "after MoveNext() returned true.");
        }

        int place = (_block * BlockSize) + _inBlock;
        return _order is null ? place : _order[place];
    }

    private void GetLabel(ref ReadOnlyMemory<char> label) => label = s_labelTexts[_digits.Label(CurrentRow())];

    private void GetFeatures(ref VBuffer<float> features)
    {
        int row = CurrentRow(), pixelCount = _digits.PixelCount, count = _digits.NonZeroCount(row);

        // A sparse entry takes 8 bytes and a dense value 4, so the dense form is smaller if more than half of the pixels are non-zero.
        if (count <= pixelCount / 2)
        {
            VBufferEditor<float> sparse = VBufferEditor.Create(ref features, pixelCount, count);
            _digits.ReadNonZeros(row, sparse.Indices, sparse.Values);
            features = sparse.Commit();
            return;
        }

        VBufferEditor<float> dense = VBufferEditor.Create(ref features, pixelCount);
        _digits.ReadPixels(row, dense.Values);
        features = dense.Commit();
    }
}
