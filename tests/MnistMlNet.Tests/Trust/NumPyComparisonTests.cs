using MnistMlNet.Tests.Serialization.Npz;
using MnistMlNet.Tests.Trust.Comparing;

namespace MnistMlNet.Tests.Trust;

/// <summary>
/// Trainings at random settings, computed again in NumPy from the published formulas; .ci/run and docs/trust.md have longer runs of the
/// same test.
/// </summary>
public sealed class NumPyComparisonTests
{
    [NumPyFact]
    public void Trainings_at_random_settings_agree_with_NumPy_s()
    {
        CompareReport report = CompareRun.Run(cases: 120, seed: 3);

        Assert.Empty(report.Failures);
        Assert.Equal(120, report.Cases);
        Assert.Equal(report.Cases, report.Plain + report.Sensitive + report.Chaotic);

        // A case that only agrees within its own, larger bound shows less.
        Assert.InRange(report.Plain, 108, 120);
        string[] wanted =
        [
            .. Enum.GetNames<Optimizer>(), .. Enum.GetNames<Activation>(),
            .. Enum.GetNames<LearningRateSchedule>().Select(name => "schedule " + name),
            "streamed", "whole set a step", "on 1 thread", "on 2 threads", "on 3 threads", "InputDropout", "HiddenDropout", "WarmUpEpochs",
            "Nesterov", "L1Regularization",
            "L2Regularization", "MaxNorm", "GradientClipNorm", "LabelSmoothing", "example weights", "ClassWeights", "BalancedClassWeights",
            "validation data",
        ];
        Assert.All(wanted, name => Assert.True(report.Covered.GetValueOrDefault(name) >= 5, name));
    }

    [NumPyFact]
    public void A_parameter_that_is_off_by_a_thousandth_of_its_change_is_detected()
    {
        CompareReport report = CompareRun.Run(cases: 60, seed: 4, change: (initial, result) =>
        {
            float[] w2 = result.OutputWeights.ToArray();
            float learned = w2.Zip(initial.OutputWeights.ToArray(), (after, before) => MathF.Abs(after - before)).Max();
            w2[^1] += learned / 1000 + 1e-4f * MathF.Abs(w2[^1]);
            return TwoLayerNetworkModelParameters.Create(
                result.InputCount, result.HiddenUnits, result.ClassCount,
                result.HiddenWeights.Span, result.HiddenBiases.Span, w2, result.OutputBiases.Span, result.Activation);
        });

        // Where rounding is amplified, a change this small could be rounding.
        Assert.InRange(report.Failures.Count, 54, 60);
        Assert.All(report.Failures, failure => Assert.Contains("w2 differs by", failure, StringComparison.Ordinal));
    }
}
