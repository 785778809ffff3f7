using BenchmarkDotNet.Attributes;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Benchmarks.Micro;

/// <summary>Each kernel in each tier, on the sizes that a batch of 64 digits and 32 hidden units has.</summary>
[MemoryDiagnoser]
public class KernelBenchmarks
{
    private const int Rows = 64;
    private const int Inputs = 784;
    private const int NonZerosPerRow = 150;
    private const int Width = 32;
    private const int Logits = 16;

    private readonly AlignedArray _dense = new(Rows * Inputs);
    private readonly AlignedArray _weights = new(Inputs * Width);
    private readonly AlignedArray _output = new(Rows * Width);
    private readonly AlignedArray _logits = new(Rows * Logits);
    private readonly int[] _labels = new int[Rows];
    private readonly int[] _predicted = new int[Rows];
    private readonly float[] _rowWeights = Enumerable.Repeat(1f, Rows).ToArray();
    private readonly float[] _losses = new float[Rows];
    private readonly AlignedArray _gradient = new(Inputs * Width);
    private readonly AlignedArray _first = new(Inputs * Width);
    private readonly AlignedArray _second = new(Inputs * Width);
    private readonly int[] _starts = new int[Rows + 1];
    private readonly SparseRow[] _rows = new SparseRow[Rows];
    private readonly BatchTranspose _groups = new();
    private readonly int[] _indices = new int[Rows * Inputs];
    private readonly int[] _listed = new int[Inputs];
    private readonly float[] _values = new float[Rows * Inputs];
    private readonly AdamStep _step = new(0.1f, 0.001f, 1e-6f, 1, 1e-8f, 1);
    private IKernels _kernels = null!;

    /// <summary>Gets the tiers that this process runs on.</summary>
    public static IEnumerable<string> Tiers =>
        Enum.GetValues<SimdTier>().Where(tier => tier <= SimdTiers.Best).Select(tier => tier.ToString());

    /// <summary>Gets or sets the tier.</summary>
    [ParamsSource(nameof(Tiers))]
    public string Tier { get; set; } = nameof(SimdTier.Scalar);

    /// <summary>Fills the arrays, and compares each kernel with its scalar reference implementation.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _kernels = KernelSelector.Create(Enum.Parse<SimdTier>(Tier));
        IKernels scalar = KernelSelector.Create(SimdTier.Scalar);
        Action<IKernels>[] calls = [Dense, Sparse, Scatter, Groups, Listed, Softmax, Adam, kernels => List(kernels), Derivative];
        foreach (Action<IKernels> call in calls)
        {
            Fill();
            call(scalar);
            float[] expected = Results();
            Fill();
            call(_kernels);
            double difference = Comparison.LargestDifference(expected, Results());
            if (!(difference <= 1e-5))
            {
                throw new CheckFailedException($"{Tier} differs from the scalar reference implementation by {difference}.");
            }
        }

        Fill();
    }

    /// <summary>64 × 784 by 784 × 32.</summary>
    [Benchmark]
    public void MultiplyDense() => Dense(_kernels);

    /// <summary>64 rows of 150 non-zeros by 784 × 32.</summary>
    [Benchmark]
    public void MultiplyRows() => Sparse(_kernels);

    /// <summary>The gradient of 784 × 32 weights from 64 rows of 150 non-zeros.</summary>
    [Benchmark]
    public void ScatterRows() => Scatter(_kernels);

    /// <summary>The gradient of the weights of the first 400 inputs from the same rows, grouped by input.</summary>
    [Benchmark]
    public void MultiplyGroups() => Groups(_kernels);

    /// <summary>64 rows stored with all values, 150 of which are listed, by 784 × 32.</summary>
    [Benchmark]
    public void MultiplyListed() => Listed(_kernels);

    /// <summary>64 rows of 10 classes.</summary>
    [Benchmark]
    public void SoftmaxCrossEntropy() => Softmax(_kernels);

    /// <summary>All weights of the first layer.</summary>
    [Benchmark]
    public void AdamStep() => Adam(_kernels);

    /// <summary>One row of which a fifth of the values isn't 0.</summary>
    [Benchmark]
    public int ListNonZeros() => List(_kernels);

    /// <summary>
    /// A batch of hidden units with Relu: with the other functions, a gradient would shrink to subnormal numbers in a million calls.
    /// </summary>
    [Benchmark]
    public void MultiplyByDerivative() => Derivative(_kernels);

    private static MatrixSpan Matrix(AlignedArray array, int rowCount) => new(array.Span, rowCount, Width, Width);

    private void Dense(IKernels kernels) =>
        kernels.MultiplyDense(new MatrixView(_dense.Span, Rows, Inputs, Inputs), Matrix(_weights, Inputs), Matrix(_output, Rows));

    private void Sparse(IKernels kernels) => kernels.MultiplyRows(_rows, Matrix(_weights, Inputs), Matrix(_output, Rows));

    private void Scatter(IKernels kernels) => kernels.ScatterRows(_rows, 0, Matrix(_output, Rows), Matrix(_gradient, Inputs));

    private void Groups(IKernels kernels) =>
        kernels.MultiplyTransposed(_groups.Counts, _groups.Entries, _groups.Stride, Matrix(_output, Rows), Matrix(_gradient, Inputs));

    private void Listed(IKernels kernels) =>
        kernels.MultiplyGathered(
            _starts, _indices, new MatrixView(_dense.Span, Rows, Inputs, Inputs), Matrix(_weights, Inputs), Matrix(_output, Rows));

    private void Softmax(IKernels kernels) =>
        kernels.SoftmaxCrossEntropy(
            new MatrixSpan(_logits.Span, Rows, Logits, Logits), _labels, _rowWeights, 1f / Rows, _losses, _predicted);

    private void Adam(IKernels kernels) => kernels.Adam(_weights.Span, _gradient.Span, _first.Span, _second.Span, _step);

    private int List(IKernels kernels) => kernels.ListNonZeros(_dense.Slice(0, Inputs), _listed);

    private void Derivative(IKernels kernels) =>
        kernels.MultiplyByDerivative(Activation.Relu, _weights.Slice(0, Rows * Width), _output.Span);

    private float[] Results() =>
        [.. _output.Span, .. _logits.Span, .. _losses, .. _weights.Span, .. _gradient.Span, .. _first.Span, .. _second.Span,
            .. Array.ConvertAll(_listed, index => (float)index)];

    /// <summary>Small values, so that an accumulated sum stays finite for millions of calls.</summary>
    private void Fill()
    {
        var random = new Random(1);
        foreach (AlignedArray array in new[] { _dense, _weights, _output, _logits, _gradient, _first })
        {
            foreach (ref float value in array.Span)
            {
                value = (random.NextSingle() - 0.5f) * 0.01f;
            }
        }

        foreach (ref float value in _second.Span)
        {
            value = random.NextSingle() * 0.01f;
        }

        for (int i = 0; i < _dense.Length; i++)
        {
            _dense.Span[i] = i % 5 == 0 ? _dense.Span[i] : 0;
        }

        for (int row = 0; row < Rows; row++)
        {
            _starts[row + 1] = (row + 1) * NonZerosPerRow;
            for (int n = 0; n < NonZerosPerRow; n++)
            {
                _indices[row * NonZerosPerRow + n] = n * Inputs / NonZerosPerRow;
                _values[row * NonZerosPerRow + n] = (random.NextSingle() - 0.5f) * 0.01f;
            }
        }

        var entries = new CsrStorage(_indices.AsSpan(0, _starts[^1]), _values.AsSpan(0, _starts[^1]), Inputs);
        for (int row = 0; row < Rows; row++)
        {
            _rows[row] = new SparseRow(entries, _starts[row], _starts[row + 1]);
        }

        _groups.Build(Array.ConvertAll(_rows, row => row.Between(0, WorkerScratch.InputsAtOnce)), 0, WorkerScratch.InputsAtOnce);
    }
}
