namespace MnistMlNet.Tests.Kernels;

/// <summary>Floats with a known pattern before and after them, to detect whether a kernel writes beyond its span.</summary>
internal sealed class GuardedArray
{
    private const int GuardLength = 32;

    /// <summary>
    /// A signaling NaN with a payload of our own. No arithmetic produces it, not even from itself: its result would be a quiet NaN. So a
    /// kernel that reads a guard, computes with it and writes it back is found, too.
    /// </summary>
    private static readonly float s_guard = BitConverter.Int32BitsToSingle(0x7F80DEAD);

    private readonly float[] _all;

    public GuardedArray(ReadOnlySpan<float> content)
    {
        _all = new float[content.Length + 2 * GuardLength];
        Array.Fill(_all, s_guard);
        content.CopyTo(Span);
    }

    /// <summary>Gets the span between the guards.</summary>
    public Span<float> Span => _all.AsSpan(GuardLength, _all.Length - 2 * GuardLength);

    public void AssertGuardsIntact(string context)
    {
        float[] guard = new float[GuardLength];
        Array.Fill(guard, s_guard);
        Check.SameBits(guard, _all.AsSpan(0, GuardLength), context + ", before the span");
        Check.SameBits(guard, _all.AsSpan(_all.Length - GuardLength), context + ", after the span");
    }
}
