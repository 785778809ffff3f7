using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary>An entry of a sparse batch among those of the same input: its value, and which row it is from. One store writes it, one cache line holds eight.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct GroupedEntry(float Value, int Row);
