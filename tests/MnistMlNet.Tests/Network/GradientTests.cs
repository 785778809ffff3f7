using MnistMlNet.Network;
using MnistMlNet.Tests.Kernels;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Network;

/// <summary>Backward pass against central differences of a simple forward pass in double.</summary>
[Trait("Category", "HardwareTier")]
public class GradientTests
{
    /// <summary>Gradients below 1 as sums of up to some hundred products below 1, each rounded by 2⁻²⁴; measured: 1.2e-7.</summary>
    private const double Tolerance = 2e-6;

    public static TheoryData<string, Activation, bool, bool> Cases { get; } = MakeCases();

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_parameters_gradient_is_its_central_difference(string tier, Activation activation, bool sparse, bool weighted)
    {
        AssertGradient(tier, activation, sparse, weighted, inputs: 7, hiddenUnits: 5, classes: 3);      // one narrow panel each
        AssertGradient(tier, activation, sparse, weighted, inputs: 9, PanelLayout.PanelWidth + 6, classes: 18);    // two panels
        AssertGradient(tier, activation, sparse, weighted, inputs: 20, hiddenUnits: 3, PanelLayout.PanelWidth + 2);
    }

    private static void AssertGradient(string tier, Activation activation, bool sparse, bool weighted, int inputs, int hiddenUnits,
        int classes)
    {
        SampleRows rows = SampleRows.Random(seed: 11, rowCount: 6, inputs, classes, density: 0.5, weighted);
        NetworkParameters parameters = FlatParameters.Random(seed: 12, inputs, hiddenUnits, classes, activation);
        ReferenceNetwork reference = FlatParameters.Reference(parameters);
        var recorder = new GradientRecorder(parameters);
        using var team = new WorkerTeam(1);
        var trainer = new BatchTrainer(ResolvedOptionsFactory.GradientDescent with { BatchSize = 8 }, Tiers.Kernels(tier), parameters,
            rows.Pack(sparse), recorder, team);
        int[] batch = [4, 0, 2, 3, 5];

        BatchResult result = trainer.Step(batch, 1);

        string context = $"{tier}, {activation}, {(sparse ? "sparse" : "dense")}, {inputs}-{hiddenUnits}-{classes}";
        Check.Close(reference.GradientByDifferences(rows, batch), recorder.Gradient, Tolerance, context);
        Check.Close(reference.SumOfLosses(rows, batch), result.Loss, 1e-5, context + ", loss");         // five losses of up to 6
        Check.Close(batch.Sum(r => rows.Weights?[r] ?? 1.0), result.Weight, 1e-6, context + ", weight");
        Assert.Equal(batch.Length, result.Rows);
        Assert.Equal(batch.Count(r =>
            reference.Probabilities(rows.Row(r)) is var p && p.Index().MaxBy(pair => pair.Item).Index == rows.Labels[r]), result.Correct);

        // Each parameter is updated exactly once per step; padding never gets a gradient.
        Assert.All(recorder.Updates, count => Assert.Equal(1, count));
        Assert.Equal(recorder.Gradient.Count(g => g != 0), recorder.All.ToArray().Count(g => g != 0));
        Assert.Equal(
            Enumerable.Range(0, reference.Parameters.Length).Select(reference.IsWeight),
            FlatParameters.Of(parameters, Array.ConvertAll(recorder.Decays, decays => decays ? 1f : 0)).Select(decays => decays == 1));
    }

    private static TheoryData<string, Activation, bool, bool> MakeCases()
    {
        var cases = new TheoryData<string, Activation, bool, bool>();
        foreach (string tier in Tiers.All)
        {
            foreach (Activation activation in Enum.GetValues<Activation>())
            {
                cases.Add(tier, activation, false, false);
                cases.Add(tier, activation, false, true);
                cases.Add(tier, activation, true, false);
                cases.Add(tier, activation, true, true);
            }
        }

        return cases;
    }
}
