using System.CommandLine;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Peers;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary>
/// What the child processes of <c>peers --work memory</c> and <c>stream</c> run. They print their peak memory in bytes and their accuracy.
/// </summary>
internal static class ChildCommand
{
    public const string Name = "child";
    public const string Ours = "ours";
    public const string Torch = "torch";
    public const string Stream = "stream";
    public const string Cached = "cached";

    private const int BatchSize = 64;

    public static Command Create()
    {
        var who = new Argument<string>("who");
        who.AcceptOnlyFromAmong(Ours, Torch, Stream, Cached);
        var size = new Argument<int>("size") { Description = "Hidden units, or megabytes of rows for stream and cached." };
        var epochs = new Argument<int>("epochs");
        var command = new Command(Name, "Trains once, in a process of its own.") { Hidden = true };
        command.Arguments.Add(who);
        command.Arguments.Add(size);
        command.Arguments.Add(epochs);
        command.SetAction(parsed =>
        {
            int sizeGiven = parsed.GetValue(size), numberOfEpochs = parsed.GetValue(epochs);
            double accuracy = parsed.GetValue(who) switch
            {
                Torch => TrainTorch(sizeGiven, numberOfEpochs),
                Stream => GeneratedRows.Train(sizeGiven, numberOfEpochs, cacheRows: false),
                Cached => GeneratedRows.Train(sizeGiven, numberOfEpochs, cacheRows: true),
                _ => TrainOurs(sizeGiven, numberOfEpochs),
            };
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{PeakBytes()} {accuracy}"));
        });
        return command;
    }

    private static double TrainOurs(int hidden, int epochs)
    {
        var mlContext = new MLContext(seed: 1);
        IDataView digits = DataSets.MnistTrain.Load(mlContext);
        EstimatorChain<TwoLayerNetworkTransformer> pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label")
            .Append(mlContext.Transforms.NormalizeMinMax("Features"))
            .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(hiddenUnits: hidden, numberOfEpochs: epochs,
                batchSize: BatchSize));
        TransformerChain<TwoLayerNetworkTransformer> model = pipeline.Fit(digits);
        return mlContext.MulticlassClassification.Evaluate(model.Transform(DataSets.MnistTest.Load(mlContext))).MicroAccuracy;
    }

    private static double TrainTorch(int hidden, int epochs)
    {
        using TorchRows rows = TorchDigits.Load(DataSets.MnistTrain), test = TorchDigits.Load(DataSets.MnistTest);
        using var network = new TorchNetwork(RandomNetwork.Create((int)rows.Features.shape[1], hidden), OurTraining.LearningRate);
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            using TorchSharp.torch.Tensor order = TorchSharp.torch.randperm(rows.Count);
            network.TrainEpoch(rows, order, BatchSize);
        }

        return network.Accuracy(test);
    }

    /// <summary>The kernel's own value of the peak resident memory; where that file doesn't exist, the runtime's.</summary>
    private static long PeakBytes()
    {
        const string Status = "/proc/self/status", Field = "VmHWM:";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal))
            : null;
        return line is null
            ? Environment.WorkingSet
            : 1024 * long.Parse(line[Field.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
