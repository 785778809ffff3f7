using System.Runtime.CompilerServices;

namespace MnistMlNet.Kernels;

/// <summary>Values in whole rows, zeros included, of which only some are listed.</summary>
internal readonly struct ByInput : IValuePlace
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref float Row(ref float values, nint rowOffset, nint entryOffset) => ref Unsafe.Add(ref values, rowOffset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Value(ref float row, nint n, int i) => Unsafe.Add(ref row, i);
}
