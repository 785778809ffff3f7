using MnistMlNet.Primitives;

namespace MnistMlNet.Network;

/// <summary>Memory of one thread for predictions, kept between calls so that none is allocated per row.</summary>
internal sealed class PredictionScratch
{
    [ThreadStatic]
    private static PredictionScratch? s_instance;

    private AlignedArray _activations = new(0);
    private AlignedArray _logits = new(0);

    /// <summary>Gets this thread's own.</summary>
    public static PredictionScratch Current => s_instance ??= new PredictionScratch();

    public int[] Indices { get; private set; } = [];

    public Span<float> Activations => _activations.Span;

    public Span<float> Logits => _logits.Span;

    public void EnsureRows(int activations, int logits)
    {
        if (_activations.Length < activations)
        {
            _activations = new AlignedArray(activations);
        }

        if (_logits.Length < logits)
        {
            _logits = new AlignedArray(logits);
        }
    }

    public void EnsureEntries(int count)
    {
        if (Indices.Length < count)
        {
            Indices = new int[count];
        }
    }
}
