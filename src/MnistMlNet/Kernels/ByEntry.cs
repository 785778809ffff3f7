using System.Runtime.CompilerServices;

namespace MnistMlNet.Kernels;

/// <summary>Values beside their indices, entry by entry.</summary>
internal readonly struct ByEntry : IValuePlace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Row(ref float values, nint rowOffset, nint entryOffset) => ref Unsafe.Add(ref values, entryOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Value(ref float row, nint n, int i) => Unsafe.Add(ref row, n);
}
