using System.Runtime.CompilerServices;

namespace MnistMlNet.Kernels;

/// <summary>Values in one array, their indices in another, entry by entry.</summary>
internal readonly struct ByEntry : IEntryPlace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref TIndex Index<TIndex>(ref TIndex first, nint n)
        where TIndex : unmanaged => ref Unsafe.Add(ref first, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Value(ref float first, nint n, nint i) => ref Unsafe.Add(ref first, n);
}
