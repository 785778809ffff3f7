using MnistMlNet.Tests.Kernels;

namespace MnistMlNet.Tests.Network;

/// <summary>
/// The network in double with simple loops, from the formulas of DESIGN section 3; its gradient by central differences or by the formulas.
/// </summary>
/// <param name="inputs">I.</param>
/// <param name="hiddenUnits">H.</param>
/// <param name="classes">C.</param>
/// <param name="activation">f.</param>
/// <param name="parameters">W1 <c>[H, I]</c>, b1 <c>[H]</c>, W2 <c>[C, H]</c>, b2 <c>[C]</c>, one after the other; changed by
/// training.</param>
internal sealed class ReferenceNetwork(int inputs, int hiddenUnits, int classes, Activation activation, double[] parameters)
{
    private readonly int _b1 = hiddenUnits * inputs;
    private readonly int _w2 = hiddenUnits * (inputs + 1);
    private readonly int _b2 = hiddenUnits * (inputs + 1) + classes * hiddenUnits;

    public double[] Parameters => parameters;

    /// <summary>
    /// Gets or sets the factors that the activations of each row of the data are multiplied by, for losses and differences; null for no
    /// factors.
    /// </summary>
    public double[][]? HiddenMasks { get; set; }

    /// <summary>Gets or sets the smoothing factor s of the target <c>(1 - s) · oneHot + s / C</c>, for losses and differences.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>Whether each parameter is a weight, which decays, or a bias.</summary>
    public bool IsWeight(int parameter) => parameter < _b1 || (parameter >= _w2 && parameter < _b2);

    public double[] LogitsOf(ReadOnlySpan<float> row) => Logits(Hidden(row, out _));

    public double[] Probabilities(ReadOnlySpan<float> row)
    {
        double[] logits = Logits(Hidden(row, out _));
        double maximum = logits.Max(), sum = logits.Sum(z => Math.Exp(z - maximum));
        return Array.ConvertAll(logits, z => Math.Exp(z - maximum) / sum);
    }

    /// <summary>Σ weight × Σ -t ln p over some rows, where t is 1 for the label and 0 for the others, unless smoothed.</summary>
    public double SumOfLosses(SampleRows rows, ReadOnlySpan<int> batch)
    {
        double loss = 0;
        foreach (int r in batch)
        {
            double[] a = Hidden(rows.Row(r), out _);
            double[] logits = Logits(HiddenMasks is null ? a : [.. a.Zip(HiddenMasks[r], (unit, mask) => unit * mask)]);
            double maximum = logits.Max(), logSum = maximum + Math.Log(logits.Sum(z => Math.Exp(z - maximum)));
            loss += (rows.Weights?[r] ?? 1.0) * logits.Select((z, c) =>
                ((c == rows.Labels[r] ? 1 - LabelSmoothing : 0) + LabelSmoothing / classes) * (logSum - z)).Sum();
        }

        return loss;
    }

    /// <summary>The gradient of the mean loss by central differences: only the forward pass is needed.</summary>
    public double[] GradientByDifferences(SampleRows rows, ReadOnlySpan<int> batch)
    {
        const double Step = 1e-5;                                              // error: h²/6 · f''' + 2⁻⁵³ · loss / h, both below 1e-9
        double[] gradient = new double[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            double kept = parameters[i];
            parameters[i] = kept + Step;
            double above = SumOfLosses(rows, batch);
            parameters[i] = kept - Step;
            double below = SumOfLosses(rows, batch);
            parameters[i] = kept;
            gradient[i] = (above - below) / (2 * Step) / batch.Length;
        }

        return gradient;
    }

    /// <summary>The same by back-propagation, for tests with too much data for central differences.</summary>
    public double[] Gradient(SampleRows rows, ReadOnlySpan<int> batch)
    {
        double[] gradient = new double[parameters.Length];
        foreach (int r in batch)
        {
            double[] a = Hidden(rows.Row(r), out double[] slopes), dz2 = Probabilities(rows.Row(r));
            dz2[rows.Labels[r]] -= 1;
            double[] da = new double[hiddenUnits];
            for (int c = 0; c < classes; c++)
            {
                dz2[c] *= (rows.Weights?[r] ?? 1.0) / batch.Length;
                gradient[_b2 + c] += dz2[c];
                for (int h = 0; h < hiddenUnits; h++)
                {
                    gradient[_w2 + c * hiddenUnits + h] += dz2[c] * a[h];
                    da[h] += dz2[c] * parameters[_w2 + c * hiddenUnits + h];
                }
            }

            for (int h = 0; h < hiddenUnits; h++)
            {
                gradient[_b1 + h] += da[h] * slopes[h];
                for (int i = 0; i < inputs; i++)
                {
                    gradient[h * inputs + i] += da[h] * slopes[h] * rows.Row(r)[i];
                }
            }
        }

        return gradient;
    }

    private double[] Hidden(ReadOnlySpan<float> row, out double[] slopes)
    {
        double[] a = new double[hiddenUnits];
        slopes = new double[hiddenUnits];
        for (int h = 0; h < hiddenUnits; h++)
        {
            double z = parameters[_b1 + h];
            for (int i = 0; i < inputs; i++)
            {
                z += parameters[h * inputs + i] * row[i];
            }

            (a[h], slopes[h]) = (ActivationFormulas.Value(activation, z), ActivationFormulas.Slope(activation, z));
        }

        return a;
    }

    private double[] Logits(double[] a)
    {
        double[] logits = new double[classes];
        for (int c = 0; c < classes; c++)
        {
            logits[c] = parameters[_b2 + c];
            for (int h = 0; h < hiddenUnits; h++)
            {
                logits[c] += parameters[_w2 + c * hiddenUnits + h] * a[h];
            }
        }

        return logits;
    }
}
