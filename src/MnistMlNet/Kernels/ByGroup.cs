using System.Runtime.CompilerServices;

namespace MnistMlNet.Kernels;

/// <summary>Values and indices in turn: <see cref="GroupedEntry"/>.</summary>
internal readonly struct ByGroup : IEntryPlace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref TIndex Index<TIndex>(ref TIndex first, nint n)
        where TIndex : unmanaged => ref Unsafe.Add(ref first, 2 * n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Value(ref float first, nint n, nint i) => ref Unsafe.Add(ref first, 2 * n);
}
