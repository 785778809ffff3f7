using System.Runtime.InteropServices;

namespace MnistMlNet.Tests.Kernels;

/// <summary>Floats with a known pattern before and after them, to detect whether a kernel writes beyond its span.</summary>
internal sealed class GuardedArray
{
    private const int GuardLength = 32;

    /// <summary>
    /// A signaling NaN with a payload of our own. No arithmetic produces it, not even from itself: its result would be a quiet NaN. So a
    /// kernel that reads a guard, computes with it and writes it back is found, too. It is written and compared as an integer: the JIT may
    /// make a signaling NaN quiet where it is a float.
    /// </summary>
    private const int Guard = 0x7F80DEAD;

    private readonly float[] _all;

    public GuardedArray(ReadOnlySpan<float> content)
    {
        _all = new float[content.Length + 2 * GuardLength];
        MemoryMarshal.Cast<float, int>(_all.AsSpan()).Fill(Guard);
        content.CopyTo(Span);
    }

    /// <summary>Gets the span between the guards.</summary>
    public Span<float> Span => _all.AsSpan(GuardLength, _all.Length - 2 * GuardLength);

    public void AssertGuardsIntact(string context)
    {
        Span<int> all = MemoryMarshal.Cast<float, int>(_all.AsSpan());
        Assert.True(all[..GuardLength].IndexOfAnyExcept(Guard) < 0, context + ", before the span");
        Assert.True(all[^GuardLength..].IndexOfAnyExcept(Guard) < 0, context + ", after the span");
    }
}
