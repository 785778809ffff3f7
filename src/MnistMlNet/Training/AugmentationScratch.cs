using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Training;

/// <summary>One worker's own memory while it augments rows.</summary>
internal sealed class AugmentationScratch(int inputCount, int betweenLength)
{
    private readonly AlignedArray _row = new(inputCount);
    private readonly AlignedArray _augmented = new(inputCount);
    private readonly AlignedArray _between = new(betweenLength);
    private readonly int[] _indices = new int[inputCount];
    private readonly float[] _values = new float[inputCount];

    /// <summary>Gets room for a row with all its zeros.</summary>
    public Span<float> Row => _row.Span;

    /// <summary>Gets room for the row that it becomes, where that isn't written into the batch at once.</summary>
    public Span<float> Augmented => _augmented.Span;

    /// <summary>Gets what the augmentation asked for.</summary>
    public Span<float> Between => _between.Span;

    public AugmentationRandom Random { get; } = new(0);

    /// <summary>Gets the entries of this worker's rows of the batch.</summary>
    public SparseEntries Entries { get; } = new(inputCount);

    /// <summary>Keeps what isn't 0 of <see cref="Augmented"/>.</summary>
    public SparseRow Compact(IKernels kernels)
    {
        int count = kernels.ListNonZeros(Augmented, _indices), start = Entries.Count;
        for (int n = 0; n < count; n++)
        {
            _values[n] = Augmented[_indices[n]];
        }

        Entries.Append(_indices.AsSpan(0, count), _values.AsSpan(0, count));
        return new SparseRow(Entries, start, Entries.Count);
    }
}
