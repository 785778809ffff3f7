using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Trust.Killing;

/// <summary>A training that writes checkpoints, and resumes where it was killed.</summary>
internal static class KillableTraining
{
    public const int Epochs = 60;

    /// <summary>Trains to the end; then writes the parameters and the losses to <paramref name="resultPath"/>.</summary>
    /// <remarks>
    /// In each epoch, before its checkpoint is written, it prints the epoch and waits for a line of its input, or for the end of its input.
    /// </remarks>
    public static void Run(string checkpointPath, string resultPath)
    {
        var mlContext = new MLContext();
        var random = new Random(1);
        Row[] rows = [
            .. Enumerable.Range(0, 3000).Select(i =>
            new Row { Label = (uint)(i % 3),
            Features = [.. Enumerable.Range(0, 10).Select(f => random.NextSingle() + (f == i % 3 ? 0.5f : 0))] })];
        TwoLayerNetworkTransformer model = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
        {
            Seed = 1,
            NumberOfEpochs = Epochs,
            HiddenDropout = 0.2f,
            ValidationFraction = 0.1f,
            RestoreBestEpoch = true,
            NumberOfThreads = 1,
            CheckpointPath = checkpointPath,
            ResumeFromCheckpoint = true,
            EpochCallback = epoch =>
            {
                Console.WriteLine(epoch.Epoch);
                Console.ReadLine();
            },
        }).Fit(mlContext.Data.LoadFromEnumerable(rows));
        using var writer = new BinaryWriter(File.Create(resultPath));
        foreach (
            float parameter in (float[])[.. model.Model.HiddenWeights.Span, .. model.Model.HiddenBiases.Span,
            .. model.Model.OutputWeights.Span, .. model.Model.OutputBiases.Span])
        {
            writer.Write(parameter);
        }

        foreach (TrainingEpoch epoch in model.History.Epochs)
        {
            writer.Write(epoch.TrainLoss);
            writer.Write(epoch.ValidationLoss!.Value);
        }
    }

    private sealed class Row
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(10)]
        public float[] Features { get; set; } = [];
    }
}
