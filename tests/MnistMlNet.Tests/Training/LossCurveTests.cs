using Microsoft.ML;
using MnistMlNet.Optimizers.Lbfgs;
using MnistMlNet.Tests.Network;
using MnistMlNet.Tests.Optimizers.Lbfgs;
using MnistMlNet.Tests.Serialization.Npz;

namespace MnistMlNet.Tests.Training;

/// <summary>
/// The trainer's loss curves against an independent implementation in NumPy, from the same parameters, on the same rows in the same order.
/// </summary>
public class LossCurveTests
{
    public static TheoryData<string> Settings => [.. LossCurves.Load().Names];

    [Theory]
    [MemberData(nameof(Settings))]
    public void Every_epoch_has_the_loss_that_NumPy_computes(string setting)
    {
        LossCurves curves = LossCurves.Load();
        TwoLayerNetworkTrainer.Options options = curves.Options(setting);
        var context = new MLContext(seed: 1);

        TwoLayerNetworkTransformer trained = context.MulticlassClassification.Trainers.TwoLayerNetwork(options)
            .Fit(TableData.View(context, curves.Rows, curves.Classes), initialModel: curves.InitialModel(options.Activation));

        double[] losses = [.. trained.History.Epochs.Select(epoch => epoch.TrainLoss)];
        TwoLayerNetworkModelParameters model = trained.Model;
        float[] parameters = [.. model.HiddenWeights.Span, .. model.HiddenBiases.Span, .. model.OutputWeights.Span,
            .. model.OutputBiases.Span];
        if (curves.Objective(setting) is { } least)
        {
            // Compares the objective, which is flat at the minimum, and not the loss alone, which isn't. With a gradient of 1e-5 the
            // objective is 4e-8 above the minimum, in double.
            Assert.Equal(least, Objective(curves, options, Array.ConvertAll(parameters, x => (double)x)), 1e-6);
            Assert.Equal(curves.Losses(setting)[^1], losses[^1], 1e-4);
            return;
        }

        double[] expected = curves.Losses(setting);
        Assert.Equal(expected.Length, losses.Length);
        for (int e = 0; e < expected.Length; e++)
        {
            Check.Close(expected[e], losses[e], 1e-4, $"{setting}: loss of epoch {e + 1}");
        }

        Check.Close(curves.Final(setting), parameters, 1e-3, $"{setting}: trained parameters");
    }

    [NumPyFact]
    public void The_script_next_to_the_frozen_numbers_reproduces_them()
    {
        using var folder = new TemporaryFolder();
        string again = Path.Combine(folder.Path, "again.json");

        NumPyFactAttribute.Python(Path.Combine(LossCurves.Folder, "loss_curves.py"), again);

        LossCurves made = LossCurves.Load(again), frozen = LossCurves.Load();
        Assert.Equal(frozen.Names, made.Names);
        Assert.Equal(frozen.Rows.Labels, made.Rows.Labels);
        double[] expected = frozen.AllNumbers(), actual = made.AllNumbers();
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));   // NumPy's own sums depend on its BLAS
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(20)]
    public void The_minimizer_alone_finds_the_minimum_that_NumPy_found(int historySize)
    {
        const double Lambda = 1e-2;
        LossCurves curves = LossCurves.Load();
        int[] all = [.. Enumerable.Range(0, curves.Rows.RowCount)];
        var problem = new LbfgsProblem(Array.ConvertAll(curves.Initial(), x => (float)x), (x, g) =>
        {
            var network = new ReferenceNetwork(curves.Rows.InputCount, curves.HiddenUnits, curves.Classes, Activation.Tanh, x);
            double[] gradient = network.Gradient(curves.Rows, all);
            double penalty = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double decay = network.IsWeight(i) ? Lambda : 0;
                g[i] = gradient[i] + decay * x[i];
                penalty += decay / 2 * x[i] * x[i];
            }

            return network.SumOfLosses(curves.Rows, all) / all.Length + penalty;
        });

        (float[] _, List<LbfgsOutcome> outcomes) = problem.Minimize(limit: 1000, historySize);

        Assert.Equal(LbfgsStatus.Converged, outcomes[^1].Status);
        Assert.Equal(curves.Objective("Tanh, L-BFGS, L2")!.Value, outcomes[^1].Loss, 1e-6);
        Assert.All(outcomes.Zip(outcomes.Skip(1)), pair => Assert.True(pair.Second.Loss < pair.First.Loss));
    }

    /// <summary>Mean loss + λ/2 ‖weights‖², in double.</summary>
    private static double Objective(LossCurves curves, TwoLayerNetworkTrainer.Options options, double[] parameters)
    {
        var network = new ReferenceNetwork(curves.Rows.InputCount, curves.HiddenUnits, curves.Classes, options.Activation, parameters);
        double squares = parameters.Where((_, i) => network.IsWeight(i)).Sum(w => w * w);
        return network.SumOfLosses(curves.Rows, [.. Enumerable.Range(0, curves.Rows.RowCount)]) / curves.Rows.RowCount
            + options.L2Regularization!.Value / 2 * squares;
    }
}
