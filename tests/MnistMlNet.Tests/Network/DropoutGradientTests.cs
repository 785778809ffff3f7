using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Kernels;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Network;

/// <summary>Dropout and label smoothing within a step, against central differences of the network with the dropped units removed.</summary>
[Trait("Category", "HardwareTier")]
public class DropoutGradientTests
{
    /// <summary>As in GradientTests, but activations and weights are up to twice as large; measured: 3e-7.</summary>
    private const double Tolerance = 4e-6;

    private const ulong Key = 0x1234_5678_9ABC_DEF0;

    public static TheoryData<string, Activation, bool> Cases { get; } = MakeCases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void With_hidden_dropout_gradient_and_loss_are_those_of_the_masked_network(string tier, Activation activation, bool sparse) =>
        AssertStep(tier, activation, sparse, ResolvedOptionsFactory.GradientDescent with { HiddenDropout = 0.4f });

    [Theory]
    [MemberData(nameof(Cases))]
    public void With_input_dropout_gradient_and_loss_are_those_of_the_masked_rows(string tier, Activation activation, bool sparse) =>
        AssertStep(tier, activation, sparse, ResolvedOptionsFactory.GradientDescent with { InputDropout = 0.3f });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Both_dropouts_with_smoothing_and_class_weights_can_be_combined(string tier, Activation activation, bool sparse) =>
        AssertStep(tier, activation, sparse,
            ResolvedOptionsFactory.GradientDescent with { InputDropout = 0.2f, HiddenDropout = 0.5f, LabelSmoothing = 0.1f },
            [0.5f, 2, 1.25f]);

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void With_label_smoothing_gradient_and_loss_are_those_of_the_smoothed_targets(string tier) =>
        AssertStep(tier, Activation.Tanh, sparse: true, ResolvedOptionsFactory.GradientDescent with { LabelSmoothing = 0.3f });

    private static void AssertStep(string tier, Activation activation, bool sparse, ResolvedOptions plan, float[]? classWeights = null)
    {
        const int Inputs = 9, Classes = 3;
        foreach (int hiddenUnits in (int[])[5, 70])                                // one panel, and two
        {
            IKernels kernels = Tiers.Kernels(tier);
            SampleRows rows = SampleRows.Random(seed: 41, rowCount: 6, Inputs, Classes, density: 0.6, weighted: true);
            NetworkParameters parameters = FlatParameters.Random(seed: 42, Inputs, hiddenUnits, Classes, activation);
            var recorder = new GradientRecorder(parameters);
            using var team = new WorkerTeam(1);
            var trainer = new BatchTrainer(
                plan with { BatchSize = 8, ClassWeights = classWeights }, kernels, parameters, rows.Pack(sparse), recorder, team);
            trainer.SetRandomKey(Key);
            int[] batch = [4, 0, 2, 3, 5];

            BatchResult result = trainer.Step(batch, 1);

            (float[] inputMasks, double[][] hiddenMasks) = Masks(kernels, parameters, plan, rows.RowCount);
            SampleRows masked = rows with
            {
                Features = [.. rows.Features.Zip(inputMasks, (x, mask) => x * mask)],
                Weights = [.. rows.Weights!.Zip(rows.Labels, (weight, label) => weight * (classWeights?[label] ?? 1))],
            };
            ReferenceNetwork reference = FlatParameters.Reference(parameters);
            reference.HiddenMasks = hiddenMasks;
            reference.LabelSmoothing = plan.LabelSmoothing;
            string context = $"{tier}, {activation}, {(sparse ? "sparse" : "dense")}, {hiddenUnits} hidden units";
            Check.Close(reference.GradientByDifferences(masked, batch), recorder.Gradient, Tolerance, context);
            Check.Close(reference.SumOfLosses(masked, batch), result.Loss, 2e-5, context + ", loss");
            Check.Close(batch.Sum(r => (double)masked.Weights![r]), result.Weight, 1e-6, context + ", weight");
        }
    }

    /// <summary>The result for rows and activations that are all 1.</summary>
    private static (float[] Inputs, double[][] Hidden) Masks(IKernels kernels, NetworkParameters parameters, ResolvedOptions plan,
        int rowCount)
    {
        int inputs = parameters.Shape.InputCount, units = parameters.Shape.HiddenUnits;
        var dropout = new Dropout(kernels, parameters, plan.InputDropout, plan.HiddenDropout, rowCount) { Key = Key };
        var batch = new Batch(inputs, isSparse: false, rowCount) { RowCount = rowCount };
        var workspace = new Workspace(parameters, rowCount);
        int[] rows = [.. Enumerable.Range(0, rowCount)];
        batch.CopyRows();
        Array.ForEach(rows, r => batch.CopiedRow(r).Fill(1));
        workspace.Activations.Span.Fill(1);

        for (int inputBlock = 0; inputBlock < InputBlocks.Count; inputBlock++)
        {
            dropout.DropInputs(rows, batch, inputBlock, 0, rowCount, new WorkerScratch(inputs));
        }

        dropout.DropHidden(rows, workspace, 0, parameters.HiddenLayout.PaddedOutputCount, 0, rowCount);

        float[] inputMasks = [.. rows.SelectMany(r => batch.CopiedRow(r).ToArray())];
        double[][] hiddenMasks = [.. rows.Select(r =>
            Array.ConvertAll(workspace.Activations.Slice(r * workspace.ActivationStride, units).ToArray(), m => (double)m))];
        AssertMask(inputMasks, plan.InputDropout, "inputs");
        AssertMask([.. hiddenMasks.SelectMany(row => row).Select(m => (float)m)], plan.HiddenDropout, "hidden units");
        return (inputMasks, hiddenMasks);
    }

    /// <summary>Checks that some are 0 and the others 1 / (1 - p), or that all are 1.</summary>
    private static void AssertMask(float[] mask, float rate, string what)
    {
        Assert.True(mask.All(m => m == 0 || m == 1 / (1 - rate)), what);
        Assert.True(mask.Contains(0) == (rate > 0) && mask.Contains(1 / (1 - rate)), what);
    }

    private static TheoryData<string, Activation, bool> MakeCases()
    {
        var cases = new TheoryData<string, Activation, bool>();
        foreach (string tier in Tiers.All)
        {
            foreach (Activation activation in Enum.GetValues<Activation>())
            {
                cases.Add(tier, activation, false);
                cases.Add(tier, activation, true);
            }
        }

        return cases;
    }
}
