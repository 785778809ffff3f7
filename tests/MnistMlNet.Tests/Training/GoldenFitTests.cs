using Microsoft.ML;
using MnistMlNet.Tests.Network;

namespace MnistMlNet.Tests.Training;

/// <summary>The original NumPy design's numbers through the public API: Create, then Fit from that model.</summary>
public class GoldenFitTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 2)]
    public void Fit_from_the_initial_model_reproduces_losses_state_and_leaves_that_model_alone(bool sparse, int threads)
    {
        Golden golden = Golden.Load();
        TwoLayerNetworkModelParameters initial = golden.InitialModel();
        var context = new MLContext(seed: 1);
        TwoLayerNetworkTrainer trainer = context.MulticlassClassification.Trainers.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
        {
            Optimizer = Optimizer.GradientDescent,
            BatchSize = 0,
            NumberOfEpochs = golden.Steps,
            LearningRate = Golden.LearningRate,
            LearningRateSchedule = LearningRateSchedule.Constant,
            Shuffle = false,
            HiddenUnits = golden.HiddenUnits,
            NumberOfThreads = threads,
            WorkerCounts = AllWorkers.Of,
        });

        TwoLayerNetworkTransformer trained = trainer.Fit(TableData.View(context, golden.Rows, golden.Classes, sparse),
            initialModel: initial);

        Check.Close(golden.Numbers("losses"), [.. trained.History.Epochs.Select(epoch => (float)epoch.TrainLoss)], Golden.Tolerance,
            "losses");
        Check.Close(golden.Numbers("w1_after"), trained.Model.HiddenWeights.Span, Golden.Tolerance, "w1");
        Check.Close(golden.Numbers("b1_after"), trained.Model.HiddenBiases.Span, Golden.Tolerance, "b1");
        Check.Close(golden.Numbers("w2_after"), trained.Model.OutputWeights.Span, Golden.Tolerance, "w2");
        Check.Close(golden.Numbers("b2_after"), trained.Model.OutputBiases.Span, Golden.Tolerance, "b2");
        Assert.Equal(golden.Floats("w1"), initial.HiddenWeights.ToArray());
        Assert.Equal(golden.Floats("b2"), initial.OutputBiases.ToArray());
    }
}
