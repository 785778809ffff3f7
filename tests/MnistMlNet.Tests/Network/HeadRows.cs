using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Kernels;

namespace MnistMlNet.Tests.Network;

/// <summary>Random rows whose labels are numbers or answers, and the loss of a network for them in double.</summary>
internal sealed class HeadRows
{
    private readonly ElementLossKind _kind;
    private readonly float _parameter;
    private readonly int _outputs;
    private readonly SampleRows _rows;
    private readonly float[] _targets;

    /// <param name="missing">Whether a third of the targets is unknown.</param>
    public HeadRows(ElementLossKind kind, float parameter, int rowCount, int inputs, int outputs, bool weighted, bool missing)
    {
        (_kind, _parameter, _outputs) = (kind, parameter, outputs);
        _rows = SampleRows.Random(seed: 21, rowCount, inputs, classCount: 1, density: 0.5, weighted);
        var random = new Random(22);
        _targets = [.. Enumerable.Range(0, rowCount * outputs).Select(_ => missing && random.Next(3) == 0 ? float.NaN : kind switch
        {
            ElementLossKind.LogLoss => random.Next(2),
            ElementLossKind.Poisson => random.Next(5),
            _ => 4 * random.NextSingle() - 2,
        })];
    }

    public IReadOnlyList<float>? Weights => _rows.Weights;

    public ReadOnlySpan<float> Targets(int row) => _targets.AsSpan(row * _outputs, _outputs);

    public ReadOnlySpan<float> Row(int row) => _rows.Row(row);

    public PackedRows Pack(bool sparse)
    {
        var builder = new PackedRowsBuilder(_rows.InputCount, KernelSelector.Best, sparse, _outputs);
        for (int r = 0; r < _rows.RowCount; r++)
        {
            builder.AddDense(_rows.Row(r), 0, _rows.Weights?[r] ?? 1, Targets(r));
        }

        return builder.Build(_rows.Weights is null ? null : 1);
    }

    /// <summary>Σ weight × the mean over the outputs of their losses.</summary>
    public double SumOfLosses(ReferenceNetwork network, ReadOnlySpan<int> batch, double labelSmoothing = 0)
    {
        double sum = 0;
        foreach (int r in batch)
        {
            double[] logits = network.LogitsOf(Row(r));
            double ofRow = 0;
            for (int k = 0; k < _outputs; k++)
            {
                double y = (1 - labelSmoothing) * Targets(r)[k] + labelSmoothing / 2;
                ofRow += double.IsNaN(y) ? 0 : ElementLossFormulas.Loss(_kind, _parameter, logits[k], y);
            }

            sum += (_rows.Weights?[r] ?? 1.0) * ofRow / _outputs;
        }

        return sum;
    }

    public double[] GradientByDifferences(ReferenceNetwork network, ReadOnlySpan<int> batch, double labelSmoothing = 0)
    {
        const double Step = 1e-5;                                              // error: h²/6 · f''' + 2⁻⁵³ · loss / h, both below 1e-9
        double[] parameters = network.Parameters, gradient = new double[parameters.Length];
        for (int i = 0; i < parameters.Length; i++)
        {
            double kept = parameters[i];
            parameters[i] = kept + Step;
            double above = SumOfLosses(network, batch, labelSmoothing);
            parameters[i] = kept - Step;
            double below = SumOfLosses(network, batch, labelSmoothing);
            parameters[i] = kept;
            gradient[i] = (above - below) / (2 * Step) / batch.Length;
        }

        return gradient;
    }

    /// <summary>Parameters as <see cref="FlatParameters.Random"/> draws them, for outputs of another link.</summary>
    public static NetworkParameters Parameters(int inputs, int hiddenUnits, int outputs, OutputLink link)
    {
        var random = new Random(12);
        float[] Draw(int count) => Array.ConvertAll(SampleNumbers.Floats(random, count), x => 0.7f * x);
        var parameters = new NetworkParameters(new NetworkShape(inputs, hiddenUnits, outputs, Activation.Tanh, link));
        parameters.FromRowMajor(Draw(hiddenUnits * inputs), Draw(hiddenUnits), Draw(outputs * hiddenUnits), Draw(outputs));
        return parameters;
    }
}
