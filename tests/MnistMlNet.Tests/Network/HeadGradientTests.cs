using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Tests.Kernels;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Network;

/// <summary>
/// The gradient of the whole network for every output head, against central differences of a simple forward pass in double.
/// </summary>
[Trait("Category", "HardwareTier")]
public class HeadGradientTests
{
    /// <summary>As for the softmax: gradients of some units as sums of products, each rounded by 2⁻²⁴.</summary>
    private const double Tolerance = 5e-6;

    private static readonly int[] s_batch = [4, 0, 2, 3, 5];

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_binary_network_has_the_gradient_of_its_log_loss(string tier)
    {
        AssertGradient(tier, OutputLink.Sigmoid, ElementLossKind.LogLoss, outputs: 1);
        AssertGradient(tier, OutputLink.Sigmoid, ElementLossKind.LogLoss, outputs: 1, labelSmoothing: 0.2f);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void Many_labels_have_the_gradient_of_their_known_answers(string tier)
    {
        AssertGradient(tier, OutputLink.Sigmoid, ElementLossKind.LogLoss, outputs: 3, missing: true);
        AssertGradient(tier, OutputLink.Sigmoid, ElementLossKind.LogLoss, outputs: PanelLayout.PanelWidth + 2, missing: true);
    }

    [Theory]
    [MemberData(nameof(Tiers.All), MemberType = typeof(Tiers))]
    public void A_regression_has_the_gradient_of_each_of_its_losses(string tier)
    {
        foreach (RegressionLoss loss in Enum.GetValues<RegressionLoss>())
        {
            (OutputLink link, ElementLossKind kind) = loss switch
            {
                RegressionLoss.Squared => (OutputLink.Identity, ElementLossKind.Squared),
                RegressionLoss.Absolute => (OutputLink.Identity, ElementLossKind.Absolute),
                RegressionLoss.Huber => (OutputLink.Identity, ElementLossKind.Huber),
                RegressionLoss.Poisson => (OutputLink.Exponential, ElementLossKind.Poisson),
                _ => (OutputLink.Identity, ElementLossKind.Quantile),
            };
            foreach (int outputs in (int[])[1, 5, PanelLayout.PanelWidth + 2])
            {
                AssertGradient(tier, link, kind, outputs, loss: loss);
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_batch_of_several_slices_has_the_gradient_of_all_its_rows(int threads)
    {
        const int RowCount = 600, Inputs = 7;
        Assert.True(RowCount > 2 * BatchTrainer.SliceRows);
        var rows = new HeadRows(ElementLossKind.LogLoss, 0, RowCount, Inputs, outputs: 3, weighted: true, missing: true);
        NetworkParameters parameters = HeadRows.Parameters(Inputs, hiddenUnits: 4, outputs: 3, OutputLink.Sigmoid);
        ReferenceNetwork reference = FlatParameters.Reference(parameters);
        int[] order = [.. Enumerable.Range(0, RowCount).Reverse()];
        var recorder = new GradientRecorder(parameters);
        using var team = new WorkerTeam(threads, MnistMlNet.Tests.Training.AllWorkers.Of);

        BatchResult result = new BatchTrainer(
            ResolvedOptionsFactory.GradientDescent with { BatchSize = RowCount }, KernelSelector.Best, parameters, rows.Pack(false),
            recorder, team).Step(order, 1);

        Check.Close(rows.GradientByDifferences(reference, order), recorder.Gradient, 1e-6, $"{threads} threads");
        Check.Close(rows.SumOfLosses(reference, order) / RowCount, result.Loss / RowCount, 1e-6, "loss");
    }

    private static void AssertGradient(
        string tier, OutputLink link, ElementLossKind kind, int outputs, bool missing = false, float labelSmoothing = 0,
        RegressionLoss loss = RegressionLoss.Squared)
    {
        const int Inputs = 6, HiddenUnits = 4;
        float parameter = ElementLossFormulas.Parameter(kind);
        foreach ((bool sparse, bool weighted) in (IEnumerable<(bool, bool)>)[(false, false), (true, true)])
        {
            var rows = new HeadRows(kind, parameter, rowCount: 6, Inputs, outputs, weighted, missing);
            NetworkParameters parameters = HeadRows.Parameters(Inputs, HiddenUnits, outputs, link);
            ReferenceNetwork reference = FlatParameters.Reference(parameters);
            var recorder = new GradientRecorder(parameters);
            using var team = new WorkerTeam(1);
            ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with
            {
                BatchSize = 8,
                LabelSmoothing = labelSmoothing,
                RegressionLoss = loss,
                LossParameter = parameter,
            };

            BatchResult result =
                new BatchTrainer(plan, Tiers.Kernels(tier), parameters, rows.Pack(sparse), recorder, team).Step(s_batch, 1);

            string context = $"{tier}, {kind}, {outputs} outputs, {(sparse ? "sparse" : "dense")}";
            Check.Close(rows.GradientByDifferences(reference, s_batch, labelSmoothing), recorder.Gradient, Tolerance, context);
            double expected = rows.SumOfLosses(reference, s_batch, labelSmoothing);
            Check.Close(expected, result.Loss, 2e-6 * (1 + Math.Abs(expected)), context + ", loss");
            Check.Close(s_batch.Sum(r => rows.Weights?[r] ?? 1.0), result.Weight, 1e-6, context + ", weight");
            Assert.All(recorder.Updates, count => Assert.Equal(1, count));
            Assert.Equal(recorder.Gradient.Count(g => g != 0), recorder.All.ToArray().Count(g => g != 0));
            if (link is OutputLink.Sigmoid)
            {
                Check.Close(s_batch.Sum(r => ShareOfCorrect(reference, rows, r)), result.Correct, 1e-6, context + ", correct");
            }
            else
            {
                double squares = s_batch.Sum(r => (rows.Weights?[r] ?? 1.0) * SquaredError(reference, rows, r, link));
                Check.Close(squares, result.SquaredError, 1e-5 * (1 + squares), context + ", squared error");
                Check.Close(squares, result.StandardizedError, 1e-5 * (1 + squares), context + ", standardized error");
            }
        }
    }

    private static double ShareOfCorrect(ReferenceNetwork network, HeadRows rows, int row)
    {
        double[] logits = network.LogitsOf(rows.Row(row));
        (float y, double z)[] known = [.. rows.Targets(row).ToArray().Zip(logits).Where(pair => !float.IsNaN(pair.First))];
        return known.Length == 0 ? 1 : known.Average(pair => pair.y == (pair.z > 0 ? 1 : 0) ? 1.0 : 0);
    }

    private static double SquaredError(ReferenceNetwork network, HeadRows rows, int row, OutputLink link) =>
        network.LogitsOf(rows.Row(row)).Zip(rows.Targets(row).ToArray(), (z, y) =>
            Math.Pow((link == OutputLink.Exponential ? Math.Exp(z) : z) - y, 2)).Average();
}
