using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MnistMlNet.Tests;

/// <summary>The README's code, so that it compiles and runs; <see cref="ReadmeTests"/> compares the two.</summary>
internal static class ReadmeExample
{
    public static void Train()
    {
        var mlContext = new MLContext(seed: 1);
        var options = new TextLoader.Options
        {
            HasHeader = true,
            Separators = [','],
            Columns = [new("Label", DataKind.String, 0), new("Features", DataKind.Single, 1, 784)],
        };
        var trainData = mlContext.Data.Cache(mlContext.Data.LoadFromTextFile("mnist_train.csv", options));
        var testData = mlContext.Data.LoadFromTextFile("mnist_test.csv", options);
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label",
            keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.Transforms.NormalizeMinMax("Features"))
            .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork())
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(trainData);
        var metrics = mlContext.MulticlassClassification.Evaluate(model.Transform(testData));
        Console.WriteLine($"Accuracy {metrics.MicroAccuracy:P2}, log-loss {metrics.LogLoss:F4}");
        mlContext.Model.Save(model, trainData.Schema, "digits.zip");
    }

    public static ITransformer Load()
    {
        var model = new MLContext().Model.Load("digits.zip", out var inputSchema);
        return inputSchema is null ? throw new InvalidOperationException("The model has no input schema.") : model;
    }

    public static void TrainWithOptions()
    {
        var mlContext = new MLContext(seed: 1);
        var digits = mlContext.Data.LoadFromIdx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz");
        var options = new TwoLayerNetworkTrainer.Options
        {
            HiddenUnits = 128,
            Augmentation = new ImageAugmentation(28, 28),       // distorts every digit anew in each epoch
            NumberOfEpochs = 60,
            ValidationFraction = 0.1f,                          // held back, and measured after each epoch
            EarlyStoppingPatience = 10,
            RestoreBestEpoch = true,
            CheckpointPath = "digits.checkpoint",               // written after each epoch …
            ResumeFromCheckpoint = true,                        // … and resumed from, bit for bit
            EpochCallback = epoch =>
                Console.WriteLine($"{epoch.Epoch}: loss {epoch.ValidationLoss:F4}, accuracy {epoch.ValidationAccuracy:P2}"),
        };
        var pipeline = mlContext.Transforms.Conversion.MapValueToKey("Label",
            keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options))
            .Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        var model = pipeline.Fit(digits);
        mlContext.Model.SaveOnnx(model, digits.Schema, "digits.onnx");
    }

    public static void ContinueFromNumPy()
    {
        var mlContext = new MLContext(seed: 1);
        var digits = mlContext.Data.LoadFromIdx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz");
        var prepare = mlContext.Transforms.Expression("Features", "pixel => pixel / 255", "Features")
            .Append(mlContext.Transforms.Conversion.MapValueToKey("Label",
                keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue));
        var trainData = prepare.Fit(digits).Transform(digits);
        var begun = TwoLayerNetworkModelParameters.LoadNpz("numpy.npz");
        var trainer = mlContext.MulticlassClassification.Trainers.TwoLayerNetwork();
        var trained = trainer.Fit(trainData, initialModel: begun);
        trained.Model.SaveNpz("mlnet.npz");
    }
}
