using System.Runtime.InteropServices;
using MnistMlNet.Kernels;

namespace MnistMlNet.Tests.Kernels;

[Trait("Category", "HardwareTier")]
public class DenseProductTests
{
    private static readonly int[] s_innerCounts = [.. Enumerable.Range(0, 71), 127, 128, 129, 784];

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Whole_numbers_of_any_shape_and_strides_multiply_exactly_and_add_to_what_is_there(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        var random = new Random(1);
        foreach (int width in (int[])[16, 32, 48, 64])
        {
            for (int rows = 0; rows <= 9; rows++)
            {
                foreach (int inner in s_innerCounts)
                {
                    // The strides with which the forward pass reads rows, with and without padding; with which the backward pass reads
                    // their transpose; and a constant.
                    AssertExact(kernels, random, rows, inner, width, leftRowStride: inner, leftStep: 1, gap: 0);
                    AssertExact(kernels, random, rows, inner, width, leftRowStride: inner + 5, leftStep: 1, gap: 16);
                    AssertExact(kernels, random, rows, inner, width, leftRowStride: 1, leftStep: rows + 3, gap: 7);
                    AssertExact(kernels, random, rows, inner, width, leftRowStride: 0, leftStep: 0, gap: 0);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Rows_at_any_addresses_and_their_transpose_have_the_bits_of_rows_with_strides(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        var random = new Random(4);
        foreach (int inner in s_innerCounts)
        {
            foreach (int rows in (int[])[1, 4, 7, 8, 15, 16, 25, 600])           // groups of prefetched rows, whole and in part
            {
                AssertSameBits(kernels, random, rows, inner);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Fractions_multiply_as_in_double(string tier)
    {
        IKernels kernels = Tiers.Kernels(tier);
        var random = new Random(2);
        foreach (int inner in s_innerCounts)
        {
            const int Rows = 5, Width = 32;
            float[] left = SampleNumbers.Floats(random, Rows * inner), right = SampleNumbers.Floats(random, inner * Width);
            float[] output = SampleNumbers.Floats(random, Rows * Width);
            double[] expected = Array.ConvertAll(output, x => (double)x);
            Naive(left, inner, 1, right, Width, expected, Width, Rows, inner, Width);

            kernels.MultiplyDense(
                new MatrixView(left, Rows, inner, inner), new MatrixView(right, inner, Width, Width),
                new MatrixSpan(output, Rows, Width, Width));

            // Each of the n additions, and each product that isn't fused, rounds by at most 2⁻²⁴ of a partial sum, which is at most n + 1.
            Check.Close(expected, output, 2 * Tiers.Rounding * inner * (inner + 1), $"{tier}, {inner} terms");
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.Vectors), MemberType = typeof(Tiers))]
    public void A_row_has_the_same_bits_alone_as_among_others(string tier)
    {
        // PredictBatch promises the bits of Predict: the rows of a tile and the remaining rows must be computed in the same way.
        IKernels kernels = Tiers.Kernels(tier);
        var random = new Random(3);
        const int Rows = 15, Inner = 300, Width = 112;                               // every kind of tile, and rows that fill none
        float[] left = SampleNumbers.Floats(random, Rows * Inner), right = SampleNumbers.Floats(random, Inner * Width);
        float[] together = new float[Rows * Width];
        kernels.MultiplyDense(
            new MatrixView(left, Rows, Inner, Inner), new MatrixView(right, Inner, Width, Width),
            new MatrixSpan(together, Rows, Width, Width));
        for (int r = 0; r < Rows; r++)
        {
            float[] alone = new float[Width];
            kernels.MultiplyDense(
                new MatrixView(left.AsSpan(r * Inner), 1, Inner, Inner), new MatrixView(right, Inner, Width, Width),
                new MatrixSpan(alone, 1, Width, Width));
            Check.SameBits(alone, together.AsSpan(r * Width, Width), $"{tier}, row {r}");
        }
    }

    /// <summary>Shuffles rows in pinned memory and multiplies them by their addresses, then their transpose.</summary>
    private static void AssertSameBits(IKernels kernels, Random random, int rows, int inner)
    {
        const int Width = 16;
        int stride = inner + 3;
        float[] pinned = GC.AllocateArray<float>(rows * stride + 1, pinned: true), left = new float[rows * inner];
        SampleNumbers.Floats(random, pinned.Length).CopyTo(pinned, 0);
        int[] places = [.. Enumerable.Range(0, rows)];
        random.Shuffle(places);
        nint[] addresses = Array.ConvertAll(places, place => Marshal.UnsafeAddrOfPinnedArrayElement(pinned, place * stride));
        nint[] columns = [.. Enumerable.Range(0, inner).Select(i => (nint)i * sizeof(float))];
        for (int r = 0; r < rows; r++)
        {
            pinned.AsSpan(places[r] * stride, inner).CopyTo(left.AsSpan(r * inner));
        }

        var view = new MatrixView(left, rows, inner, inner);
        string context = $"{kernels.Tier}, {rows} rows, {inner} terms";
        float[] right = SampleNumbers.Floats(random, inner * Width), expected = new float[rows * Width];
        kernels.MultiplyDense(view, new MatrixView(right, inner, Width, Width), new MatrixSpan(expected, rows, Width, Width));
        foreach (bool prefetchesRows in (bool[])[false, true])
        {
            float[] output = new float[rows * Width];
            kernels.MultiplyDense(
                new AddressedMatrix(addresses, columns, prefetchesRows), new MatrixView(right, inner, Width, Width),
                new MatrixSpan(output, rows, Width, Width));
            Check.SameBits(expected, output, context);
        }

        float[] factors = SampleNumbers.Floats(random, rows * Width), sums = new float[inner * Width];
        expected = new float[inner * Width];
        kernels.MultiplyDense(
            view.Transpose(), new MatrixView(factors, rows, Width, Width), new MatrixSpan(expected, inner, Width, Width));
        kernels.MultiplyDense(
            new AddressedMatrix(addresses, columns, prefetchesRows: true).Transpose(), new MatrixView(factors, rows, Width, Width),
            new MatrixSpan(sums, inner, Width, Width));
        Check.SameBits(expected, sums, context + ", transposed");
    }

    private static void AssertExact(IKernels kernels, Random random, int rows, int inner, int width, int leftRowStride, int leftStep,
        int gap)
    {
        int leftLength = rows == 0 || inner == 0 ? 0 : (rows - 1) * leftRowStride + (inner - 1) * leftStep + 1;
        int stride = width + gap;
        float[] left = SampleNumbers.Whole(random, leftLength), right = SampleNumbers.Whole(random, inner * stride);
        float[] start = SampleNumbers.Whole(random, rows * stride);
        double[] expected = Array.ConvertAll(start, x => (double)x);
        Naive(left, leftRowStride, leftStep, right, stride, expected, stride, rows, inner, width);
        var output = new GuardedArray(start);

        kernels.MultiplyDense(
            new MatrixView(left, rows, inner, leftRowStride, leftStep), new MatrixView(right, inner, width, stride),
            new MatrixSpan(output.Span, rows, width, stride));

        string context = $"{kernels.Tier}, {rows} rows, {inner} terms, width {width}, left strides {leftRowStride} and {leftStep}, gap "
            + $"{gap}";
        Check.Close(expected, output.Span, tolerance: 0, context);             // including the gaps between the rows
        output.AssertGuardsIntact(context);
    }

    private static void Naive(
        float[] left, int leftRowStride, int leftStep, float[] right, int rightStride, double[] output, int outputStride, int rows,
        int inner, int width)
    {
        for (int r = 0; r < rows; r++)
        {
            for (int k = 0; k < inner; k++)
            {
                for (int c = 0; c < width; c++)
                {
                    output[r * outputStride + c] += (double)left[r * leftRowStride + k * leftStep] * right[k * rightStride + c];
                }
            }
        }
    }
}
