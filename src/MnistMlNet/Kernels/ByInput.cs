using System.Runtime.CompilerServices;

namespace MnistMlNet.Kernels;

/// <summary>Values in a whole row, zeros included, of which only some are listed by their indices.</summary>
internal readonly struct ByInput : IEntryPlace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref TIndex Index<TIndex>(ref TIndex first, nint n)
        where TIndex : unmanaged => ref Unsafe.Add(ref first, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Value(ref float first, nint n, nint i) => ref Unsafe.Add(ref first, i);
}
