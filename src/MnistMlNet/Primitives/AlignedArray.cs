using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MnistMlNet.Primitives;

/// <summary>A block of floats of fixed length that starts at a multiple of 64 bytes.</summary>
/// <remarks>
/// A 512-bit load that crosses a cache line costs as much as two, and the data of an ordinary array start 16 bytes after a boundary.
/// The array is pinned, so the garbage collector doesn't move it off the boundary. Nothing has to be freed by hand.
/// </remarks>
internal sealed class AlignedArray
{
    /// <summary>The number of floats in a 512-bit vector. Rows are padded to a multiple of it, so that no kernel has a remainder.</summary>
    public const int LaneCount = 16;

    private const int Alignment = LaneCount * sizeof(float);

    private readonly float[] _array;
    private readonly int _start;

    /// <param name="isZeroed">False where the caller writes all floats before it reads them.</param>
    public AlignedArray(int length, bool isZeroed = true)
    {
        int withGap = checked(length + Alignment / sizeof(float));
        _array = isZeroed ? GC.AllocateArray<float>(withGap, pinned: true) : GC.AllocateUninitializedArray<float>(withGap, pinned: true);
        unsafe
        {
            nuint address = (nuint)Unsafe.AsPointer(ref _array[0]);                // SAFETY: the array is pinned for its whole life.
            _start = (int)((Alignment - address % Alignment) % Alignment) / sizeof(float);
        }

        Length = length;
    }

    /// <summary>Gets the number of floats.</summary>
    public int Length { get; }

    /// <summary>Gets all floats.</summary>
    public Span<float> Span => _array.AsSpan(_start, Length);

    /// <summary>Rounds <paramref name="count"/> up to a multiple of <see cref="LaneCount"/>.</summary>
    public static int Pad(int count) => checked(count + LaneCount - 1) / LaneCount * LaneCount;

    public Span<float> Slice(int start, int length) => Span.Slice(start, length);
}

/// <summary>Prefetches memory into the cache.</summary>
internal static class CacheLine
{
    private const int Bytes = 64;

    /// <summary>
    /// Brings <paramref name="values"/> into the second-level cache without waiting for them. Does nothing on a processor that has no such
    /// instruction.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Prefetch<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        ref byte first = ref Unsafe.As<T, byte>(ref MemoryMarshal.GetReference(values));
        nint length = (nint)values.Length * sizeof(T);
        for (nint at = 0; at < length; at += Bytes)
        {
            // SAFETY: a prefetch reads nothing and can't fault; if the array is moved meanwhile, it has no effect.
            Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref first, at)));
        }
    }
}
