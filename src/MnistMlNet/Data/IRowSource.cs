namespace MnistMlNet.Data;

/// <summary>Where the rows of each epoch come from: memory, or the data view again.</summary>
internal interface IRowSource
{
    /// <summary>Gets the number of features I of a row.</summary>
    int InputCount { get; }

    /// <summary>Gets whether rows are kept sparse; the same for all windows.</summary>
    bool IsSparse { get; }

    /// <summary>Gets the number of rows of an epoch.</summary>
    long RowCount { get; }

    /// <summary>Gets rows that stand for all of them: by these the work is shared out and the learning rate chosen.</summary>
    PackedRows Sample { get; }

    /// <summary>The rows of one epoch, a window of them at a time. All windows but the last hold a whole number of batches.</summary>
    /// <param name="epoch">The epoch's number, from 1.</param>
    IEnumerable<PackedRows> Windows(int epoch);

    /// <summary>Multiplies every value of input i by <c>factors[i]</c>, now and in each epoch.</summary>
    void Multiply(ReadOnlySpan<float> factors);
}
