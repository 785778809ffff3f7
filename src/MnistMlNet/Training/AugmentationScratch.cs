using MnistMlNet.Kernels;
using MnistMlNet.Network;

namespace MnistMlNet.Training;

/// <summary>One worker's own memory while it augments rows.</summary>
internal sealed class AugmentationScratch(int inputCount, int betweenLength)
{
    private readonly AlignedArray _row = new(inputCount);
    private readonly AlignedArray _augmented = new(inputCount);
    private readonly AlignedArray _between = new(betweenLength);
    private int[] _indices = [];
    private float[] _values = [];

    /// <summary>Gets room for a row with all its zeros.</summary>
    public Span<float> Row => _row.Span;

    /// <summary>Gets room for the row that it becomes, where that isn't written into the batch at once.</summary>
    public Span<float> Augmented => _augmented.Span;

    /// <summary>Gets what the augmentation asked for.</summary>
    public Span<float> Between => _between.Span;

    public AugmentationRandom Random { get; } = new(0);

    /// <summary>Gets or sets how many entries are kept.</summary>
    public int EntryCount { get; set; }

    /// <summary>Keeps what isn't 0 of <see cref="Augmented"/>.</summary>
    /// <returns>How many entries that are.</returns>
    public int Compact(IKernels kernels)
    {
        int needed = checked(EntryCount + inputCount);
        if (_indices.Length < needed)
        {
            int length = Math.Max(needed, (int)Math.Min(2L * _indices.Length, Array.MaxLength));
            Array.Resize(ref _indices, length);
            Array.Resize(ref _values, length);
        }

        ReadOnlySpan<float> row = Augmented;
        ReadOnlySpan<int> places = _indices.AsSpan(EntryCount, kernels.ListNonZeros(row, _indices.AsSpan(EntryCount)));
        Span<float> kept = _values.AsSpan(EntryCount, places.Length);
        for (int n = 0; n < kept.Length; n++)
        {
            kept[n] = row[places[n]];
        }

        EntryCount += places.Length;
        return places.Length;
    }

    public void Copy(int start, int count, Span<int> indices, Span<float> values)
    {
        _indices.AsSpan(start, count).CopyTo(indices);
        _values.AsSpan(start, count).CopyTo(values);
    }
}
