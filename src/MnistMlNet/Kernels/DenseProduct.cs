using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MnistMlNet.Kernels;

/// <summary><see cref="IKernels.MultiplyDense"/>: <c>C[r, :] += Σₖ A[r, k] · B[k, :]</c>.</summary>
internal static class DenseProduct
{
    /// <summary>Terms summed before the next rows are processed: 128 × 64 floats of B are 32 KB, a first-level cache.</summary>
    private const int InnerTile = 128;

    /// <summary>The floats of a vector of 512 bits. Processors with such vectors have 32 registers, others on x64 only 16.</summary>
    private const int WideCount = 16;

    /// <summary>The reference implementation.</summary>
    public static void Scalar(MatrixView left, MatrixView right, MatrixSpan output)
    {
        for (int r = 0; r < output.RowCount; r++)
        {
            Span<float> sums = output.Row(r);                                      // C[r, :]
            for (int k = 0; k < right.RowCount; k++)
            {
                float a = left.Data[r * left.RowStride + k * left.ColumnStride];   // A[r, k]
                ReadOnlySpan<float> b = right.Row(k);                              // B[k, :]
                for (int c = 0; c < sums.Length; c++)
                {
                    sums[c] += a * b[c];
                }
            }
        }
    }

    /// <summary>The vector form.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Vector<TSimd, TVector>(MatrixView left, MatrixView right, MatrixSpan output)
        where TSimd : ISimd<TVector>
        where TVector : struct
    {
        int rowCount = output.RowCount, innerCount = right.RowCount, width = output.ColumnCount;
        int leftRowStride = left.RowStride, leftStep = left.ColumnStride, rightStride = right.RowStride, outputStride = output.RowStride;
        if (rowCount == 0 || innerCount == 0)
        {
            return;
        }

        Debug.Assert(width % 16 == 0, "Panels are multiples of 16 wide.");
        Debug.Assert(left.RowCount == rowCount && left.ColumnCount == innerCount, "left has another shape.");
        Debug.Assert(right.ColumnCount == width && right.ColumnStride == 1, "right has another shape.");

        ref float a = ref MemoryMarshal.GetReference(left.Data);
        ref float b = ref MemoryMarshal.GetReference(right.Data);
        ref float c = ref MemoryMarshal.GetReference(output.Data);
        for (int first = 0; first < innerCount; first += InnerTile)
        {
            int terms = Math.Min(InnerTile, innerCount - first);
            ref float aBlock = ref Unsafe.Add(ref a, (nint)first * leftStep);      // A[:, first..]
            ref float bBlock = ref Unsafe.Add(ref b, (nint)first * rightStride);         // B[first.., :]
            int column = 0;
            for (; TSimd.Count == WideCount && column + 4 * TSimd.Count <= width; column += 4 * TSimd.Count)
            {
                DenseTiles.FourVectors<TSimd, TVector>(
                    ref aBlock, leftRowStride, leftStep, ref Unsafe.Add(ref bBlock, column), rightStride,
                    ref Unsafe.Add(ref c, column), outputStride, rowCount, terms);
            }

            for (; column + 2 * TSimd.Count <= width; column += 2 * TSimd.Count)
            {
                DenseTiles.TwoVectors<TSimd, TVector>(
                    ref aBlock, leftRowStride, leftStep, ref Unsafe.Add(ref bBlock, column), rightStride,
                    ref Unsafe.Add(ref c, column), outputStride, rowCount, terms);
            }

            for (; column < width; column += TSimd.Count)
            {
                DenseTiles.OneVector<TSimd, TVector>(
                    ref aBlock, leftRowStride, leftStep, ref Unsafe.Add(ref bBlock, column), rightStride,
                    ref Unsafe.Add(ref c, column), outputStride, rowCount, terms);
            }
        }
    }
}
