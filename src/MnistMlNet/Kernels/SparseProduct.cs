using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.MultiplySparse"/>: <c>c += Σₙ values[n] · B[indices[n], :]</c>.</summary>
internal static class SparseProduct
{
    /// <summary>The specification.</summary>
    public static void Scalar(ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride, Span<float> output, int width)
    {
        for (int n = 0; n < indices.Length; n++)
        {
            float x = values[n];
            ReadOnlySpan<float> b = right.Slice(indices[n] * rightStride, width);        // B[indices[n], :]
            for (int c = 0; c < width; c++)
            {
                output[c] += x * b[c];
            }
        }
    }

    /// <summary>The same in vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(
        ReadOnlySpan<int> indices, ReadOnlySpan<float> values, ReadOnlySpan<float> right, int rightStride, Span<float> output, int width)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(output.Length >= width, "output is too short.");
        Debug.Assert(values.Length >= indices.Length, "values are too few.");
        SparseSums.Row<TSimd, TVector, int, ByEntry>(
            ref MemoryMarshal.GetReference(indices), ref MemoryMarshal.GetReference(values), indices.Length,
            ref MemoryMarshal.GetReference(right), rightStride, ref MemoryMarshal.GetReference(output), width);
    }
}
