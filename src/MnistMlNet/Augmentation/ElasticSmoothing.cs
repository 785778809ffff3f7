using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Augmentations;

/// <summary>
/// Computes displacements from noise: the noise is smoothed by a Gaussian along both axes and multiplied by alpha,
/// <c>Gy · noise · (α Gx)ᵀ</c>.
/// </summary>
/// <remarks>
/// The Gaussian is truncated at 3 σ and normalized to the sum 1. Outside the image there is no noise. Near the border, where a part of the
/// Gaussian lies outside, each row of Gy and Gx is scaled to the same Euclidean norm as the others, so that displacements have the same
/// standard deviation at every pixel.
/// </remarks>
internal sealed class ElasticSmoothing
{
    /// <summary>
    /// The number of rows in one matrix product. With fewer rows, fewer zeros outside the band of the matrix are multiplied; with more
    /// rows, a loaded value is used more often.
    /// </summary>
    private const int RowsPerProduct = 8;

    /// <summary>The number of columns in one matrix product: two vectors of the widest instruction set.</summary>
    private const int ColumnsPerProduct = 32;

    private readonly int _width;
    private readonly int _height;
    private readonly int _stride;
    private readonly int _radius;
    private readonly float[] _rows;                                                // Gy, [H, H]
    private readonly float[] _columns;                                             // (α Gx)ᵀ, [W, stride]

    public ElasticSmoothing(int width, int height, float alpha, float sigma)
    {
        _width = width;
        _height = height;
        _stride = AlignedArray.Pad(width);
        double[] kernel = Kernel(sigma);
        _radius = kernel.Length / 2;
        _rows = new float[checked(height * height)];
        _columns = new float[checked(width * _stride)];
        Fill(_rows, height, kernel, 1, (to, from) => to * height + from);
        Fill(_columns, width, kernel, alpha, (to, from) => from * _stride + to);
    }

    /// <summary>Gets the values of the Gaussian at the integers within 3 σ, divided by their sum.</summary>
    public static double[] Kernel(float sigma)
    {
        int radius = (int)Math.Ceiling(3 * (double)sigma);
        double[] kernel = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(i => Math.Exp(-0.5 * i * i / ((double)sigma * sigma)))];
        double sum = kernel.Sum();
        return Array.ConvertAll(kernel, value => value / sum);
    }

    /// <summary>Adds the displacements from one field of noise to coordinates.</summary>
    /// <param name="noise"><c>[H, stride]</c>; values beyond the width are ignored.</param>
    /// <param name="buffer"><c>[H, stride]</c>, overwritten.</param>
    /// <param name="coordinates"><c>[H, stride]</c>; the displacements are added to it.</param>
    public void AddTo(IKernels kernels, ReadOnlySpan<float> noise, Span<float> buffer, Span<float> coordinates)
    {
        buffer.Clear();
        for (int first = 0; first < _height; first += RowsPerProduct)
        {
            int rows = Math.Min(RowsPerProduct, _height - first);
            int from = Math.Max(0, first - _radius), end = Math.Min(_height, first + rows + _radius);
            kernels.MultiplyDense(
                new MatrixView(_rows.AsSpan(first * _height + from), rows, end - from, _height),
                new MatrixView(noise[(from * _stride)..], end - from, _stride, _stride),
                new MatrixSpan(buffer[(first * _stride)..], rows, _stride, _stride));
        }

        for (int first = 0; first < _stride; first += ColumnsPerProduct)
        {
            int columns = Math.Min(ColumnsPerProduct, _stride - first);
            int from = Math.Max(0, first - _radius), end = Math.Min(_width, first + columns + _radius);
            kernels.MultiplyDense(
                new MatrixView(buffer[from..], _height, end - from, _stride),
                new MatrixView(_columns.AsSpan(from * _stride + first), end - from, columns, _stride),
                new MatrixSpan(coordinates[first..], _height, columns, _stride));
        }
    }

    private static void Fill(float[] matrix, int count, double[] kernel, double factor, Func<int, int, int> indexOf)
    {
        int radius = kernel.Length / 2;
        double whole = kernel.Sum(value => value * value);
        for (int to = 0; to < count; to++)
        {
            int from = Math.Max(0, to - radius), end = Math.Min(count, to + radius + 1);
            double part = 0;
            for (int k = from; k < end; k++)
            {
                part += kernel[k - to + radius] * kernel[k - to + radius];
            }

            for (int k = from; k < end; k++)
            {
                matrix[indexOf(to, k)] = (float)(factor * Math.Sqrt(whole / part) * kernel[k - to + radius]);
            }
        }
    }
}
