using MnistMlNet.Kernels;
using MnistMlNet.Primitives;

namespace MnistMlNet.Augmentations;

/// <summary>
/// Turns noise into displacements: smoothed by a Gaussian along both axes and multiplied by alpha, as <c>Gy · noise · (α Gx)ᵀ</c>.
/// </summary>
/// <remarks>
/// The Gaussian is cut off at 3 σ, and sums to 1. Beyond the image there is no noise. Near the border, where a part of the Gaussian falls
/// on nothing, each row of Gy and Gx is made as long as the others, so that displacements have the same standard deviation at every pixel.
/// </remarks>
internal sealed class ElasticSmoothing
{
    /// <summary>Rows smoothed at once: fewer come closer to the band of the matrix, more share the loads.</summary>
    private const int RowsAtOnce = 8;

    /// <summary>Columns smoothed at once: two vectors of the widest tier.</summary>
    private const int ColumnsAtOnce = 32;

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

    /// <summary>The Gaussian at the whole numbers within 3 σ, divided by their sum.</summary>
    public static double[] Kernel(float sigma)
    {
        int radius = (int)Math.Ceiling(3 * (double)sigma);
        double[] kernel = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(i => Math.Exp(-0.5 * i * i / ((double)sigma * sigma)))];
        double sum = kernel.Sum();
        return Array.ConvertAll(kernel, value => value / sum);
    }

    /// <summary>Adds the displacements that one field of noise makes.</summary>
    /// <param name="noise"><c>[H, stride]</c>; what stands beyond the width doesn't count.</param>
    /// <param name="between"><c>[H, stride]</c>, overwritten.</param>
    /// <param name="coordinates"><c>[H, stride]</c>, added to.</param>
    public void AddTo(IKernels kernels, ReadOnlySpan<float> noise, Span<float> between, Span<float> coordinates)
    {
        between.Clear();
        for (int first = 0; first < _height; first += RowsAtOnce)
        {
            int rows = Math.Min(RowsAtOnce, _height - first);
            int from = Math.Max(0, first - _radius), end = Math.Min(_height, first + rows + _radius);
            kernels.MultiplyDense(
                new MatrixView(_rows.AsSpan(first * _height + from), rows, end - from, _height),
                new MatrixView(noise[(from * _stride)..], end - from, _stride, _stride),
                new MatrixSpan(between[(first * _stride)..], rows, _stride, _stride));
        }

        for (int first = 0; first < _stride; first += ColumnsAtOnce)
        {
            int columns = Math.Min(ColumnsAtOnce, _stride - first);
            int from = Math.Max(0, first - _radius), end = Math.Min(_width, first + columns + _radius);
            kernels.MultiplyDense(
                new MatrixView(between[from..], _height, end - from, _stride),
                new MatrixView(_columns.AsSpan(from * _stride + first), end - from, columns, _stride),
                new MatrixSpan(coordinates[first..], _height, columns, _stride));
        }
    }

    private static void Fill(float[] matrix, int count, double[] kernel, double factor, Func<int, int, int> place)
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
                matrix[place(to, k)] = (float)(factor * Math.Sqrt(whole / part) * kernel[k - to + radius]);
            }
        }
    }
}
