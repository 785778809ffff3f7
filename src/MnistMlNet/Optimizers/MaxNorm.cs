using System.Numerics.Tensors;
using MnistMlNet.Network;

namespace MnistMlNet.Optimizers;

/// <summary>
/// Limits the norm of the incoming weights of each hidden unit: <c>‖w‖ ≤ c</c> (Srebro and Shraibman 2005; Srivastava et al. 2014).
/// </summary>
internal static class MaxNorm
{
    /// <summary>
    /// Scales down the units of panels <paramref name="firstPanel"/> … <paramref name="endPanel"/> - 1 whose norm is too large.
    /// </summary>
    public static void Apply(NetworkParameters parameters, float limit, int firstPanel, int endPanel)
    {
        PanelLayout layout = parameters.HiddenLayout;
        Span<float> sums = stackalloc float[PanelLayout.PanelWidth];
        for (int p = firstPanel; p < endPanel; p++)
        {
            int width = layout.Width(p);
            Span<float> panel = parameters.HiddenWeights.Slice(layout.Offset(p), layout.InputCount * width), factors = sums[..width];
            factors.Clear();
            for (int i = 0; i < panel.Length; i += width)                          // a row of the panel has the weights from one input
            {
                ReadOnlySpan<float> row = panel.Slice(i, width);
                TensorPrimitives.MultiplyAdd(row, row, factors, factors);
            }

            // If squares overflow, the sum is infinite, and the square of a large limit may be infinite, too.
            if (TensorPrimitives.Max<float>(factors) <= MathF.Min(limit * limit, float.MaxValue))
            {
                continue;
            }

            for (int u = 0; u < width; u++)
            {
                float norm = float.IsFinite(factors[u]) ? MathF.Sqrt(factors[u]) : (float)Norm(panel[u..], width);
                factors[u] = norm > limit ? limit / norm : 1;
            }

            for (int i = 0; i < panel.Length; i += width)
            {
                Span<float> row = panel.Slice(i, width);
                TensorPrimitives.Multiply(row, factors, row);
            }
        }
    }

    /// <summary>The norm of every <paramref name="width"/>-th weight, in double, where the square of a float can't overflow.</summary>
    private static double Norm(ReadOnlySpan<float> weights, int width)
    {
        double sum = 0;
        for (int i = 0; i < weights.Length; i += width)
        {
            sum += (double)weights[i] * weights[i];
        }

        return Math.Sqrt(sum);
    }
}
