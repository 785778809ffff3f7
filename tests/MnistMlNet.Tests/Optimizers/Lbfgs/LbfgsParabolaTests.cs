using MnistMlNet.Optimizers.Lbfgs;

namespace MnistMlNet.Tests.Optimizers.Lbfgs;

/// <summary>
/// The minimizer on <c>2 x²</c> from x = 3, by hand: the gradient is 4 x, and every number is exact in float.
/// </summary>
public class LbfgsParabolaTests
{
    private readonly float[] _x = [3];
    private readonly List<float> _evaluated = [];

    [Fact]
    public void Step_FirstAndSecondIteration_GoOneUnitAlongTheGradientAndThenToTheMinimum()
    {
        var minimizer = new LbfgsMinimizer(1);

        // Without a history, the first step has length 1: to 2, where the slope is 2/3 of that at 3, which suffices.
        Assert.Equal(new LbfgsOutcome(LbfgsStatus.Advanced, 8, 8, 1.0 / 12, true, 2), Rounded(minimizer.Step(Parabola, _x)));
        // s = -1, y = -4: the curvature is 4, so a full step is by 8 / 4.
        Assert.Equal(new LbfgsOutcome(LbfgsStatus.Converged, 0, 0, 1, true, 1), minimizer.Step(Parabola, _x));
        Assert.Equal(new LbfgsOutcome(LbfgsStatus.Converged, 0, 0, 0, false, 0), minimizer.Step(Parabola, _x));
        Assert.Equal([3, 2, 0], _evaluated);
    }

    [Theory]
    [InlineData(1.2, false)]
    [InlineData(1.3, true)]
    public void Step_LossDecreases_IsFlatIfItIsByLessThanTheGivenPartOfTheNewLoss(double minimum, bool isFlat) =>
        // The loss decreases from 18 by 10 to 8, which is 1.25 of it.
        Assert.Equal(
            isFlat ? LbfgsStatus.LossIsFlat : LbfgsStatus.Advanced,
            new LbfgsMinimizer(1) { MinRelativeDecrease = minimum }.Step(Parabola, _x).Status);

    [Fact]
    public void Step_HistoryGivesNoDescentDirection_GoesOneUnitAlongTheGradient()
    {
        // A curvature below 0: the direction would be uphill.
        var minimizer = new LbfgsMinimizer(1);
        minimizer.Import(new LbfgsState(18, [12], [[1]], [[1]], [-1]));

        LbfgsOutcome outcome = minimizer.Step(Parabola, _x);

        Assert.Equal((LbfgsStatus.Advanced, 1), (outcome.Status, outcome.Evaluations));
        Assert.Equal([2], _evaluated);
    }

    [Fact]
    public void Step_NoLowerLossAnywhere_FailsAndCountsEveryEvaluation()
    {
        int calls = 0;
        LbfgsOutcome outcome = new LbfgsMinimizer(1).Step(
            gradient =>
            {
                calls++;
                gradient[0] = 12;
                return 18;
            },
            _x);

        Assert.Equal((LbfgsStatus.LineSearchFailed, false, calls), (outcome.Status, outcome.StrongWolfe, outcome.Evaluations));
        Assert.Equal(3, _x[0]);
    }

    [Fact]
    public void Import_GradientChangeOfAnotherLength_IsRefused() => Assert.Throws<ArgumentException>(
        () => new LbfgsMinimizer(1).Import(new LbfgsState(18, [12], [[1]], [[1, 2]], [1])));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public void Constructor_NothingToMinimizeOrToRemember_IsRefused(int length, int historySize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LbfgsMinimizer(length, historySize));

    private double Parabola(Span<float> gradient)
    {
        _evaluated.Add(_x[0]);
        gradient[0] = 4 * _x[0];
        return 2 * _x[0] * _x[0];
    }

    /// <summary>The step length is a float near 1/12; its nearest double is another one.</summary>
    private static LbfgsOutcome Rounded(LbfgsOutcome outcome) =>
        outcome with { StepLength = Math.Abs(outcome.StepLength - 1.0 / 12) < 1e-8 ? 1.0 / 12 : outcome.StepLength };
}
