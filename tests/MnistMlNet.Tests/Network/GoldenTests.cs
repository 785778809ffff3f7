using MnistMlNet.Configuration;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Network;

/// <summary>The original NumPy design's numbers, through the internal classes: one batch trainer, one training loop.</summary>
[Trait("Category", "HardwareTier")]
public class GoldenTests
{
    private readonly Golden _golden = Golden.Load();

    [Fact]
    public void Probabilities_are_those_of_the_original_design()
    {
        float[] probabilities = new float[_golden.Rows.RowCount * _golden.Classes];

        _golden.InitialModel().PredictBatch(_golden.Rows.Features, probabilities);

        Check.Close(_golden.Numbers("a2"), probabilities, Golden.Tolerance, "a2");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_first_loss_and_gradients_are_those_of_the_original_design(bool sparse)
    {
        NetworkParameters parameters = _golden.InitialModel().Network.Clone();
        var recorder = new GradientRecorder(parameters);
        using var team = new WorkerTeam(1);
        var trainer = new BatchTrainer(
            ResolvedOptionsFactory.GradientDescent with { BatchSize = _golden.Rows.RowCount }, KernelSelector.Best, parameters,
            _golden.Rows.Pack(sparse), recorder, team);

        BatchResult result = trainer.Step(Enumerable.Range(0, _golden.Rows.RowCount).ToArray(), 1);

        Check.Close(_golden.Numbers("losses")[0], result.MeanLoss, Golden.Tolerance, "loss");
        Check.Close(_golden.Block("d", ""), recorder.Gradient, Golden.Tolerance, "gradient");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Losses_and_state_of_ten_full_batch_steps_are_those_of_the_original_design(bool sparse)
    {
        NetworkParameters parameters = _golden.InitialModel().Network.Clone();
        ResolvedOptions plan = ResolvedOptionsFactory.GradientDescent with
        {
            NumberOfEpochs = _golden.Steps,
            BatchSize = _golden.Rows.RowCount,
            LearningRate = Golden.LearningRate
        };

        IReadOnlyList<TrainingEpoch> epochs = new TrainingLoop(plan, KernelSelector.Best, parameters, _golden.Rows.Pack(sparse), null)
            .Run();

        Check.Close(_golden.Numbers("losses"), [.. epochs.Select(epoch => (float)epoch.TrainLoss)], Golden.Tolerance, "losses");
        Check.Close(_golden.Block("", "_after"), FlatParameters.Of(parameters), Golden.Tolerance, "state");
    }
}
