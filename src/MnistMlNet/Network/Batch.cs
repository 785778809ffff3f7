namespace MnistMlNet.Network;

/// <summary>Some rows, gathered side by side: what the network sees at once.</summary>
/// <remarks>
/// Either sparse (<see cref="Starts"/>, <see cref="Indices"/>, <see cref="Values"/>; the indices of a row ascend) or dense
/// (<see cref="Dense"/>). Buffers are reused from batch to batch.
/// </remarks>
internal sealed class Batch
{
    public Batch(int inputCount, bool isSparse, int capacity)
    {
        InputCount = inputCount;
        IsSparse = isSparse;
        Capacity = capacity;
        Labels = new int[capacity];
        Weights = new float[capacity];
        Starts = new int[capacity + 1];
        Dense = new AlignedArray(isSparse ? 0 : checked(capacity * DenseStride));
    }

    public int InputCount { get; }

    /// <summary>Gets in which of the two forms the rows stand.</summary>
    public bool IsSparse { get; private set; }

    public int Capacity { get; }

    /// <summary>Gets or sets how many rows are there now.</summary>
    public int RowCount { get; set; }

    /// <summary>Gets the 0-based class of each row.</summary>
    public int[] Labels { get; }

    /// <summary>Gets the weight of each row.</summary>
    public float[] Weights { get; }

    /// <summary>Gets where the entries of each row start; <c>[RowCount + 1]</c>.</summary>
    public int[] Starts { get; }

    public int[] Indices { get; private set; } = [];

    public float[] Values { get; private set; } = [];

    /// <summary>Gets the rows <c>[RowCount, I]</c> of a dense batch, each <see cref="DenseStride"/> apart.</summary>
    public AlignedArray Dense { get; private set; }

    /// <summary>Gets the distance of dense rows, a multiple of 16 that isn't one of 256: rows a multiple of 1 KB apart would share few cache sets.</summary>
    public int DenseStride => RowStride(InputCount);

    public static int RowStride(int count)
    {
        int padded = PanelLayout.Pad(count);
        return padded % 256 == 0 ? padded + PanelLayout.LaneCount : padded;
    }

    /// <summary>Changes the form in which the next rows stand.</summary>
    public void Store(bool isSparse)
    {
        IsSparse = isSparse;
        if (!isSparse && Dense.Length == 0)
        {
            Dense = new AlignedArray(checked(Capacity * DenseStride));
        }
    }

    /// <summary>Makes room for the entries of all rows together.</summary>
    public void EnsureEntries(int count)
    {
        if (Indices.Length < count)
        {
            int length = Math.Max(count, (int)Math.Min(2L * Indices.Length, Array.MaxLength));
            Indices = new int[length];
            Values = new float[length];
        }
    }
}
