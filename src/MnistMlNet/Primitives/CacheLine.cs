using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MnistMlNet.Primitives;

/// <summary>Asks for memory before it is needed.</summary>
internal static class CacheLine
{
    private const int Bytes = 64;

    /// <summary>
    /// Brings <paramref name="values"/> into the second-level cache, without waiting for them; does nothing where the processor has no such
    /// instruction.
    /// </summary>
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
            // SAFETY: a prefetch reads nothing and can't fault; if the array moves meanwhile, it is in vain.
            Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref first, at)));
        }
    }
}
