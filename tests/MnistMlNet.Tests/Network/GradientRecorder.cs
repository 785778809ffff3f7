using MnistMlNet.Network;
using MnistMlNet.Optimizers;
using MnistMlNet.Primitives;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Network;

/// <summary>
/// An optimizer that changes nothing and keeps the gradient, to examine what a step of <see cref="BatchTrainer"/> computes.
/// </summary>
internal sealed class GradientRecorder(NetworkParameters parameters) : ParameterOptimizer
{
    private readonly float[] _gradient = new float[parameters.Length];
    private readonly int[] _updates = new int[parameters.Length];

    /// <summary>Gets the gradient as one plain array.</summary>
    public float[] Gradient => FlatParameters.Of(parameters, _gradient);

    /// <summary>Gets the same gradient as it is laid out in memory, including padding.</summary>
    public ReadOnlySpan<float> All => _gradient;

    /// <summary>Gets the number of updates of each parameter since the step began.</summary>
    public IReadOnlyList<int> Updates => _updates;

    /// <summary>Gets whether decay was requested, for each parameter.</summary>
    public bool[] Decays { get; } = new bool[parameters.Length];

    public override IReadOnlyList<AlignedArray> State => [];

    public override void BeginStep(float learningRate)
    {
        Array.Clear(_updates);
        Array.Fill(_gradient, float.NaN);
    }

    public override void UpdateIdle(int offset, Span<float> weights, int first, int end) =>
        throw new NotSupportedException("It records whole gradients.");

    public override void Update(int offset, Span<float> parameters, Span<float> gradient, bool areWeights)
    {
        gradient.CopyTo(_gradient.AsSpan(offset));
        for (int i = offset; i < offset + parameters.Length; i++)
        {
            _updates[i]++;
            Decays[i] = areWeights;
        }
    }
}
