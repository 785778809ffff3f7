using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Serialization.Model;
using MnistMlNet.Tests.Network;

namespace MnistMlNet.Tests.Serialization.Model;

/// <summary>
/// A saved model of some format version and, as JSON, its content and predictions. Data/README.md explains how the files are kept.
/// </summary>
internal static class KeptModel
{
    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, NewLine = "\n" };

    private static readonly string[] s_labels = ["Null", "Eins", "Größe"];

    public static string Folder => Path.Combine(AppContext.BaseDirectory, "Data");

    /// <summary>The name, without an extension, of the two files of a format version.</summary>
    public static string Name(int formatVersion) => $"model-format-{formatVersion}";

    /// <summary>Trains and saves a small model with the current code, and writes its expected content and predictions.</summary>
    public static void Write(string folder)
    {
        var mlContext = new MLContext(seed: 1);
        Example[] rows = [
            .. Examples.Rows(48).Select(row => row.With(label: s_labels["abc".IndexOf(row.Label, StringComparison.Ordinal)]))];
        IDataView all = mlContext.Transforms.Conversion.MapValueToKey("Label").Fit(Examples.View(mlContext, rows)).Transform(
            Examples.View(mlContext, [.. rows, rows[0].With(features: [float.NaN, 0, 0, 0])]));
        TwoLayerNetworkTransformer trained = Examples.Trainer(mlContext, options =>
            (options.HiddenUnits, options.NumberOfEpochs, options.LearningRate) = (3, 6, 0.05f))
            .Fit(mlContext.Data.SkipRows(all, 12), validationData: mlContext.Data.TakeRows(all, 12));
        ITransformer chain = trained.Append(mlContext.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(trained.Transform(all)));
        string name = Path.Combine(folder, Name(ModelFormat.FormatVersion));
        mlContext.Model.Save(chain, all.Schema, name + ".zip");

        // Predicted by the formulas in double, not by the code under test.
        TwoLayerNetworkModelParameters model = trained.Model;
        var reference = new ReferenceNetwork(
            model.InputCount, model.HiddenUnits, model.ClassCount, model.Activation,
            Array.ConvertAll(Examples.Parameters(model), value => (double)value));
        float[][] features = [.. rows.Take(6).Select(row => row.Features), [0, 0, 0, 0], [-3, 2.5f, 100, 1e-6f]];
        double[][] probabilities = [.. features.Select(row => reference.Probabilities(row))];
        JsonObject description = Describe(trained);
        description["rows"] = JsonSerializer.SerializeToNode(features);
        description["probabilities"] = JsonSerializer.SerializeToNode(probabilities);
        description["predictedLabels"] = JsonSerializer.SerializeToNode(
            probabilities.Select(row => s_labels[Array.IndexOf(row, row.Max())]));
        File.WriteAllText(name + ".json", description.ToJsonString(s_readable) + "\n");
    }

    /// <summary>Loads a kept model and gives, for each expected value in its JSON file, how the loaded model differs.</summary>
    public static IEnumerable<string> Differences(string name)
    {
        JsonObject expected = JsonNode.Parse(File.ReadAllText(name + ".json"))!.AsObject();
        var loaded = (TransformerChain<ITransformer>)new MLContext().Model.Load(name + ".zip", out _);
        JsonObject found = Describe(loaded.OfType<TwoLayerNetworkTransformer>().Single());

        // Compares only what was recorded then: a later version may store more, and an older file doesn't have it.
        string[] predictions = ["rows", "probabilities", "predictedLabels"];
        return expected.Where(property => !predictions.Contains(property.Key) && !JsonNode.DeepEquals(property.Value, found[property.Key]))
            .Select(property => $"{property.Key}: {found[property.Key]?.ToJsonString()}; {property.Value?.ToJsonString()} is kept");
    }

    private static JsonObject Describe(TwoLayerNetworkTransformer transformer) => new()
    {
        ["featureColumnName"] = transformer.FeatureColumnName,
        ["inputCount"] = transformer.Model.InputCount,
        ["hiddenUnits"] = transformer.Model.HiddenUnits,
        ["activation"] = transformer.Model.Activation.ToString(),
        ["classNames"] = JsonSerializer.SerializeToNode(transformer.Model.ClassNames),
        ["hiddenWeights"] = JsonSerializer.SerializeToNode(transformer.Model.HiddenWeights),
        ["hiddenBiases"] = JsonSerializer.SerializeToNode(transformer.Model.HiddenBiases),
        ["outputWeights"] = JsonSerializer.SerializeToNode(transformer.Model.OutputWeights),
        ["outputBiases"] = JsonSerializer.SerializeToNode(transformer.Model.OutputBiases),
        ["stopReason"] = transformer.History.StopReason.ToString(),
        ["stopDescription"] = transformer.History.StopDescription,
        ["rowsTrained"] = transformer.History.RowsTrained,
        ["rowsSkipped"] = transformer.History.RowsSkipped,
        ["batchSize"] = transformer.History.BatchSize,
        ["bestEpoch"] = transformer.History.BestEpoch,
        ["trainLosses"] = JsonSerializer.SerializeToNode(transformer.History.Epochs.Select(epoch => epoch.TrainLoss)),
        ["trainAccuracies"] = JsonSerializer.SerializeToNode(transformer.History.Epochs.Select(epoch => epoch.TrainAccuracy)),
        ["validationLosses"] = JsonSerializer.SerializeToNode(transformer.History.Epochs.Select(epoch => epoch.ValidationLoss)),
        ["validationAccuracies"] = JsonSerializer.SerializeToNode(transformer.History.Epochs.Select(epoch => epoch.ValidationAccuracy)),
        ["learningRates"] = JsonSerializer.SerializeToNode(transformer.History.Epochs.Select(epoch => epoch.LearningRate)),
        ["elapsed"] = JsonSerializer.SerializeToNode(transformer.History.Epochs.Select(epoch => epoch.Elapsed)),
        ["options"] = JsonSerializer.SerializeToNode(transformer.History.Options.Select(option => $"{option.Key} = {option.Value}")),
        ["regularizationSearch"] = transformer.History.RegularizationSearch is { } search
            ? JsonSerializer.SerializeToNode(search.Candidates.Select(candidate => new[] { candidate.Strength, candidate.Loss })) : null,
    };
}
