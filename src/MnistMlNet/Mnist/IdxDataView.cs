using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace MnistMlNet.Mnist;

/// <summary>A <see cref="DigitSet"/> as ML.NET sees it: the columns <c>Label</c> (text) and <c>Features</c> (vector of single).</summary>
internal sealed class IdxDataView : IDataView
{
    internal const int LabelColumn = 0;
    internal const int FeaturesColumn = 1;

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
    /// Blocks of <see cref="IdxRowCursor.BlockSize"/> rows go round the cursors in turn; the block's number is the row's batch.
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

    // One order for the whole set: each cursor takes its blocks from it, so that together they still deliver every row once.
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
