using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Optimizers;

namespace MnistMlNet.Tests.Optimizers;

/// <summary>Steps without a gradient that are recorded and applied together.</summary>
public sealed class IdleStepsTests
{
    private const int Length = 48;
    private const int Offset = 16;

    public static TheoryData<string> Rules { get; } =
        ["Adam", "Adam with decay", "Adam, β1 = 0", "RMSProp", "descent", "descent with decay", "momentum", "Nesterov"];

    [Fact]
    public void EndOfEpoch_StepsOfThreeEpochs_IsTheEndOfTheStepsEpochOrOfTheRange()
    {
        IdleSteps steps = Recorded();                                              // epochs: steps 0 and 1, step 2, step 3 so far

        Assert.Equal(
            [2, 2, 3, 4, 1, 2],
            [steps.EndOfEpoch(0, 4), steps.EndOfEpoch(1, 4), steps.EndOfEpoch(2, 4), steps.EndOfEpoch(3, 4), steps.EndOfEpoch(0, 1),
                steps.EndOfEpoch(0, 2)]);
    }

    [Fact]
    public void Decay_RangeOfStepsOfAnEpoch_IsTheProductOfTheirFactors()
    {
        IdleSteps steps = Recorded();                                              // ½ · ¼, ½, ¼ by epochs

        Check.Close(
            [1.0 / 8, 1.0 / 4, 1.0 / 2, 1.0 / 4, 1],
            [steps.Decay(0, 2), steps.Decay(1, 2), steps.Decay(2, 3), steps.Decay(3, 4), steps.Decay(2, 2)], 1e-7, "decays");
    }

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(2, 1, 2)]
    [InlineData(3, 2, 3)]
    [InlineData(4, 2, 3)]
    public void EpochDecays_End_AreTheProductsOfTheEpochsThatEndedUntilThen(int end, int epochs, int expectedRest)
    {
        ReadOnlySpan<float> decays = Recorded().EpochDecays(end, out int rest);

        double[] all = [1.0 / 8, 1.0 / 2];
        Assert.Equal((epochs, expectedRest), (decays.Length, rest));
        Check.Close(all.AsSpan(0, epochs), decays, 1e-7, "decays");
    }

    [Fact]
    public void Clear_RecordedSteps_CountsFromZeroAgain()
    {
        IdleSteps steps = Recorded();
        steps.Adam.Add(new AdamStep(0.1f, 0.01f, 1, 1, 1, 1));

        steps.Clear();
        Assert.Equal((0, 0), (steps.Count, steps.Adam.Count));
        steps.Add(0.25);
        steps.Add(1);

        Assert.Equal((2, 2), (steps.Count, steps.EndOfEpoch(0, 2)));
        Check.Close(0.25, steps.Decay(0, 2), 1e-7, "decay");
    }

    [Fact]
    public void Powers_ExponentsWithinAndBeyondTheTable_AreThoseOfTheBase()
    {
        var powers = new Powers(0.5, 3);

        Assert.Equal([0.5f, 0.25f, 0.125f], powers.Table.ToArray());
        Assert.Equal([0.5f, 0.125f, 0.0625f, 0.03125f], [powers[1], powers[3], powers[4], powers[5]]);
    }

    [Theory]
    [InlineData(0f, 1)]
    [InlineData(0.5f, 27)]                                                         // 2⁻²⁷ = 7.5e-9, 2⁻²⁶ = 1.5e-8
    [InlineData(0.25f, 14)]                                                        // 4⁻¹⁴ = 3.7e-9, 4⁻¹³ = 1.5e-8
    [InlineData(0.9f, 175)]                                                        // 0.9¹⁷⁵ = 9.8e-9, 0.9¹⁷⁴ = 1.09e-8
    public void CountSteps_Beta_IsTheFirstPowerBelowOneHundredMillionth(float beta, int expected) =>
        Assert.Equal(expected, AdamPowers.CountSteps(beta));

    [Theory]
    [InlineData("Adam with decay", true)]
    [InlineData("descent with decay", true)]
    [InlineData("RMSProp", true)]
    [InlineData("momentum", true)]
    [InlineData("momentum with decay", false)]
    [InlineData("RMSProp with decay", false)]
    [InlineData("L1", false)]
    [InlineData("limit of the norm", false)]
    [InlineData("a step that decays weights to 0", false)]
    [InlineData("β1 = 0.9997", true)]                                              // 61,393 powers
    [InlineData("β1 = 0.9998", false)]                                             // 92,094 powers, above 65,536
    [InlineData("RMSProp, β1 = 0.9998", true)]                                     // RMSProp has no β1
    public void AllowsIdle_Options_OnlyWhereLaterUpdatesAreTheSame(string what, bool expected)
    {
        ResolvedOptions adam = ResolvedOptionsFactory.Adam, descent = ResolvedOptionsFactory.GradientDescent;
        ResolvedOptions plan = what switch
        {
            "RMSProp with decay" => adam with { Optimizer = Optimizer.RmsProp, L2Regularization = 0.01f },
            "momentum with decay" => descent with { Momentum = 0.9f, L2Regularization = 0.01f },
            "L1" => adam with { L1Regularization = 0.01f },
            "limit of the norm" => adam with { MaxNorm = 3 },
            "a step that decays weights to 0" => adam with { LearningRate = 0.5f, L2Regularization = 2 },
            "β1 = 0.9997" => adam with { Beta1 = 0.9997f },
            "β1 = 0.9998" => adam with { Beta1 = 0.9998f },
            "RMSProp, β1 = 0.9998" => adam with { Optimizer = Optimizer.RmsProp, Beta1 = 0.9998f },
            _ => PlanOf(what),
        };

        Assert.Equal(expected, ParameterOptimizer.AllowsIdle(plan));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void UpdateIdle_StepsWithoutGradient_GivesWeightsAndStateOfTheStepsOneByOne(string rule)
    {
        // 300 steps: the first moment of Adam matters in 175 of them. They are applied in ranges that don't begin at the first step.
        AssertSame(rule, hasGradient: true, 1, 4, 130, 301);

        // Few steps: the moments are still far from 0.
        AssertSame(rule, hasGradient: true, 1, 3, 6);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void UpdateIdle_NoGradientYet_OnlyDecaysWeights(string rule) => AssertSame(rule, hasGradient: false, 1, 4, 30);

    private static void AssertSame(string rule, bool hasGradient, params int[] ends)
    {
        ResolvedOptions plan = PlanOf(rule);
        ParameterOptimizer together = ParameterOptimizer.Create(plan, KernelSelector.Best, Length, recordsIdle: true),
            single = ParameterOptimizer.Create(plan, KernelSelector.Best, Length);
        var random = new Random(1);
        float[] actual = SampleNumbers.Floats(random, 16), expected = [.. actual];
        float[] gradient = hasGradient ? SampleNumbers.Floats(random, 16) : new float[16];
        for (int step = 0; step < ends[^1]; step++)
        {
            float rate = 0.01f / (1 + step % 3);
            together.BeginStep(rate);
            single.BeginStep(rate);
            single.Update(Offset, expected, step == 0 ? [.. gradient] : new float[16], areWeights: true);
            if (step == 0)
            {
                together.Update(Offset, actual, [.. gradient], areWeights: true);
            }
        }

        Assert.Equal((ends[^1], ends[^1]), (together.StepCount, single.StepCount));
        for (int n = 0; n + 1 < ends.Length; n++)
        {
            together.UpdateIdle(Offset, actual, ends[n], ends[n + 1]);
        }

        // Each of up to 300 steps rounds a weight of at most 2 by at most 1.2e-7, and mostly not to the same side.
        Check.Close([.. expected.Select(w => (double)w)], actual, 1e-5, $"{rule}, weights");
        Assert.Equal(single.State.Count, together.State.Count);
        for (int b = 0; b < single.State.Count; b++)
        {
            // 300 roundings of values up to 1, which become smaller.
            Check.Close(
                [.. single.State[b].Slice(0, Length).ToArray().Select(x => (double)x)], together.State[b].Slice(0, Length), 1e-6,
                $"{rule}, block {b}");
        }
    }

    private static IdleSteps Recorded()
    {
        var steps = new IdleSteps();
        steps.Add(0.5);
        steps.Add(0.25);
        steps.EndEpoch();
        steps.Add(0.5);
        steps.EndEpoch();
        steps.Add(0.25);
        return steps;
    }

    private static ResolvedOptions PlanOf(string rule)
    {
        ResolvedOptions adam = ResolvedOptionsFactory.Adam, descent = ResolvedOptionsFactory.GradientDescent;
        return rule switch
        {
            "Adam" => adam,
            "Adam with decay" => adam with { L2Regularization = 0.5f },
            "Adam, β1 = 0" => adam with { Beta1 = 0, L2Regularization = 0.5f },
            "RMSProp" => adam with { Optimizer = Optimizer.RmsProp },
            "descent" => descent,
            "descent with decay" => descent with { L2Regularization = 0.5f },
            "momentum" => descent with { Momentum = 0.9f },
            "Nesterov" => descent with { Momentum = 0.9f, Nesterov = true },
            _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
        };
    }
}
