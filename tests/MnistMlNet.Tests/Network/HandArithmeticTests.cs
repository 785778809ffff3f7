using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Network;

/// <summary>One row through a network of two inputs, one hidden unit and two classes, with every number calculated by hand.</summary>
/// <remarks>
/// z = 0.6·0.1 + 0.8·0.3 + 0.1 = 0.4, a = relu(z) = 0.4; logits = (0.4·0.5, 0.4·-0.5) = (0.2, -0.2);
/// p = e^0.2 / (e^0.2 + e^-0.2) = 1.221403 / (1.221403 + 0.818731) = 0.598688 and 0.401312; loss of class 0 = -ln 0.598688 = 0.513015.
/// </remarks>
[Trait("Category", "HardwareTier")]
public class HandArithmeticTests
{
    /// <summary>The numbers above and below are rounded to six decimals.</summary>
    private const double Tolerance = 1e-6;

    private readonly TwoLayerNetworkModelParameters _model = TwoLayerNetworkModelParameters.Create(2, 1, 2, [0.1f, 0.3f], [0.1f],
        [0.5f, -0.5f], [0, 0]);

    [Fact]
    public void Forward_TwoInputsOneHiddenUnit_MatchesHandArithmetic()
    {
        float[] probabilities = new float[2];

        _model.Predict([0.6f, 0.8f], probabilities);

        Check.Close([0.598688, 0.401312], probabilities, Tolerance, "p");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Step_TwoInputsOneHiddenUnit_MatchesHandArithmetic(bool sparse)
    {
        NetworkParameters parameters = _model.Network.Clone();
        var recorder = new GradientRecorder(parameters);
        using var team = new WorkerTeam(1);
        PackedRows rows = new SampleRows(2, [0.6f, 0.8f], [0], null).Pack(sparse);

        BatchResult result = new BatchTrainer(ResolvedOptionsFactory.GradientDescent with { BatchSize = 1 }, KernelSelector.Best,
            parameters, rows, recorder, team).Step(new[] { 0 }, 1);

        Check.Close(0.513015, result.Loss, Tolerance, "loss");
        Assert.Equal(1, result.Correct);

        // dz2 = p - y = (-0.401312, 0.401312); dW2 = dz2 · a = ∓0.401312 · 0.4 = ∓0.160525; db2 = dz2;
        // da = -0.401312 · 0.5 + 0.401312 · -0.5 = -0.401312, and f'(z) = 1, so db1 = dz1 = da; dW1 = dz1 · x = (-0.240787, -0.321050).
        Check.Close([-0.240787, -0.321050, -0.401312, -0.160525, 0.160525, -0.401312, 0.401312], recorder.Gradient, Tolerance, "gradient");
    }

    [Fact]
    public void Step_HiddenUnitBelowZero_PassesNoGradientToTheFirstLayer()
    {
        // z = -0.6·0.1 - 0.8·0.3 + 0.1 = -0.2, a = 0: logits (0, 0), p = (1/2, 1/2), loss = ln 2 = 0.693147. Only db2 = (1/2, -1/2) isn't
        // 0.
        NetworkParameters parameters = _model.Network.Clone();
        var recorder = new GradientRecorder(parameters);
        using var team = new WorkerTeam(1);
        PackedRows rows = new SampleRows(2, [-0.6f, -0.8f], [1], null).Pack(sparse: false);

        BatchResult result = new BatchTrainer(ResolvedOptionsFactory.GradientDescent with { BatchSize = 1 }, KernelSelector.Best,
            parameters, rows, recorder, team).Step(new[] { 0 }, 1);

        Check.Close(0.693147, result.Loss, Tolerance, "loss");
        Check.Close([0, 0, 0, 0, 0, 0.5, -0.5], recorder.Gradient, Tolerance, "gradient");
    }
}
