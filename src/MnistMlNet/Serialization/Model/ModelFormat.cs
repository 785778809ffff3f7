using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.ML.Runtime;
using MnistMlNet.Configuration;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Model;

/// <summary>The content of a model inside ML.NET's zip file. docs/model-format.md describes it field by field.</summary>
/// <remarks>
/// *** Binary format, little-endian ***
/// magic 8 bytes; formatVersion int32; task byte; inputCount, hiddenUnits, outputCount int32; activation, link byte; featureColumnName
/// text; labelKind byte and, unless 0, outputCount label values; isVector byte; outputNameCount int32 and as many texts; hiddenWeights
/// [H, I], hiddenBiases [H], outputWeights [C, H], outputBiases [C] float32; thresholdCount int32 and as many float32; history; options:
/// their number int32, then name and value as texts; regularization search: candidates int32 and, unless 0, folds, rows and chosen one
/// int32 each, then strength and loss of each candidate, float64; SHA-256 of all before, 32 bytes. A text is its length in bytes, int32,
/// and UTF-8.
/// </remarks>
internal static class ModelFormat
{
    /// <summary>The first 8 bytes. As in PNG, the last four detect a transfer that changed line endings.</summary>
    public static ReadOnlySpan<byte> Magic => "TLNN\r\n\x1A\n"u8;

    /// <summary>The version that this release writes; 1 is the first.</summary>
    public const int FormatVersion = 1;

    public const int MaxEpochs = 1 << 24;

    /// <summary>The maximum number of options: more than all options and a weight for each of the maximum number of classes.</summary>
    public const int MaxOptions = 1 << 25;

    private const int HashLength = 32;

    // If a process only calls Model.Load, no other code of this assembly runs before the model is read: MnistMlNet.Extensibility runs this
    // module initializer.
    [SuppressMessage("Usage", "CA2255", Justification = "MnistMlNet.Extensibility can't reference this assembly.")]
    [ModuleInitializer]
    internal static void Register() => (TransformerLoader.Factory, ModelParametersLoader.Factory) = (ReadTransformer, ReadModel);

    public static void Write(Stream stream, ModelPayload payload)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writer = new PayloadWriter(stream, hash);
        TwoLayerNetworkModelParametersBase model = payload.Model;
        writer.Bytes(Magic);
        writer.Int32(FormatVersion);
        writer.Byte((byte)payload.Task);
        writer.Int32(model.InputCount);
        writer.Int32(model.HiddenUnits);
        writer.Int32(model.OutputCount);
        writer.Byte((byte)model.Activation);
        writer.Byte((byte)model.Network.Shape.Link);
        writer.Text(payload.FeatureColumnName);
        LabelSerializer.Write(writer, payload.Labels);
        writer.Byte(payload.IsVector ? (byte)1 : (byte)0);
        writer.Int32(payload.OutputNames.Length);
        foreach (string name in payload.OutputNames)
        {
            writer.Text(name);
        }

        writer.Singles(model.HiddenWeights.Span);
        writer.Singles(model.HiddenBiases.Span);
        writer.Singles(model.OutputWeights.Span);
        writer.Singles(model.OutputBiases.Span);
        writer.Int32(payload.Thresholds.Length);
        writer.Singles(payload.Thresholds.AsSpan());
        WriteHistory(writer, payload.History);
        stream.Write(hash.GetHashAndReset());
    }

    /// <exception cref="InvalidDataException">A field isn't as the format says; the message names it and its position.</exception>
    public static ModelPayload Read(Stream stream)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new PayloadReader(stream, hash);
        if (!reader.Bytes(Magic.Length, "magic").SequenceEqual(Magic))
        {
            throw new InvalidDataException("magic, the first 8 bytes, is not that of a two-layer network.");
        }

        int version = reader.Int32("formatVersion", 1, int.MaxValue);
        if (version > FormatVersion)
        {
            throw new FormatException($"The model has format version {version}; this release of MnistMlNet reads up to {FormatVersion}. "
                + $"Update the package MnistMlNet.");
        }

        var task = (LearningTask)reader.Byte("task", (byte)LearningTask.Multilabel);
        int inputCount = reader.Int32("inputCount", 1, NetworkShape.MaxCount);
        int hiddenUnits = reader.Int32("hiddenUnits", 1, NetworkShape.MaxCount);
        int outputCount = reader.Int32("outputCount", task == LearningTask.Multiclass ? 2 : 1, NetworkShape.MaxCount);
        var activation = (Activation)reader.Byte("activation", (byte)Enum.GetValues<Activation>().Max());
        var link = (OutputLink)reader.Byte("link", (byte)OutputLink.Exponential);
        CheckLink(task, link, outputCount);
        NetworkShape shape = Shape(inputCount, hiddenUnits, outputCount, activation, link);

        // Before the labels, because the counts give their number too.
        reader.Require("hiddenWeights to outputBiases", shape.ParameterCount * sizeof(float));
        string featureColumnName = reader.Text("featureColumnName");
        if (featureColumnName.Length == 0 && task != LearningTask.Binary)
        {
            throw new InvalidDataException("featureColumnName is empty.");
        }

        ClassLabels? labels = LabelSerializer.Read(reader, outputCount);
        bool isVector = reader.Byte("isVector", 1) == 1;
        string[] outputNames = ReadNames(reader, outputCount);
        float[] hiddenWeights = reader.Singles("hiddenWeights", (long)hiddenUnits * inputCount);
        float[] hiddenBiases = reader.Singles("hiddenBiases", hiddenUnits);
        float[] outputWeights = reader.Singles("outputWeights", (long)outputCount * hiddenUnits);
        float[] outputBiases = reader.Singles("outputBiases", outputCount);
        int thresholdCount = CheckCount("thresholdCount", reader.Int32("thresholdCount", 0, NetworkShape.MaxCount), outputCount);
        float[] thresholds = reader.Singles("thresholds", thresholdCount);
        TrainingHistory history = ReadHistory(reader);
        byte[] expected = hash.GetHashAndReset();
        if (!reader.Bytes(HashLength, "sha256").SequenceEqual(expected))
        {
            throw new InvalidDataException("sha256, the last 32 bytes, doesn't match the content: the model is damaged.");
        }

        if (reader.Remaining != 0)
        {
            throw new InvalidDataException($"{reader.Remaining} bytes follow after sha256; it must be the last field.");
        }

        var network = new NetworkParameters(shape);
        network.FromRowMajor(hiddenWeights, hiddenBiases, outputWeights, outputBiases);
        TwoLayerNetworkModelParametersBase model = task switch
        {
            LearningTask.Multiclass => new TwoLayerNetworkModelParameters(network, labels?.Texts ?? default),
            LearningTask.Binary => new TwoLayerNetworkBinaryModelParameters(network, history.Epochs.Count == 0 ? null : history),
            LearningTask.Regression => new TwoLayerNetworkRegressionModelParameters(network, isVector, [.. outputNames]),
            LearningTask.Multilabel => new TwoLayerNetworkMultilabelModelParameters(
                network, [.. outputNames], thresholdCount == 0 ? default : [.. thresholds]),
            _ => throw UnknownMember.Of(task),
        };
        return new ModelPayload(model, featureColumnName, history) { Labels = labels };
    }

    public static LoadableTransformerBase ReadTransformer(IHostEnvironment environment, Stream stream)
    {
        ModelPayload payload = Read(stream);
        return payload.Model switch
        {
            TwoLayerNetworkModelParameters model => new TwoLayerNetworkTransformer(
                environment, model, payload.FeatureColumnName, payload.Labels, payload.History),
            TwoLayerNetworkRegressionModelParameters model => new TwoLayerNetworkRegressionTransformer(
                environment, model, payload.FeatureColumnName, payload.History),
            TwoLayerNetworkMultilabelModelParameters model => new TwoLayerNetworkMultilabelTransformer(
                environment, model, payload.FeatureColumnName, payload.History),
            _ => throw new InvalidDataException("task is Binary, whose transformer is ML.NET's own; another is expected here."),
        };
    }

    private static TwoLayerNetworkBinaryModelParameters ReadModel(IHostEnvironment environment, Stream stream) =>
        Read(stream).Model is TwoLayerNetworkBinaryModelParameters model
            ? model
            : throw new InvalidDataException("task isn't Binary, which is expected here.");

    private static void CheckLink(LearningTask task, OutputLink link, int outputCount)
    {
        bool fits = link == TaskLink.Of(task, RegressionLoss.Squared) || link == TaskLink.Of(task, RegressionLoss.Poisson);
        if (!fits || (task == LearningTask.Binary && outputCount != 1))
        {
            throw new InvalidDataException($"link is {link} and outputCount {outputCount}, which don't go together with the task {task}.");
        }
    }

    private static string[] ReadNames(PayloadReader reader, int outputCount)
    {
        int count = CheckCount("outputNameCount", reader.Int32("outputNameCount", 0, NetworkShape.MaxCount), outputCount);
        reader.Require("outputNames", (long)sizeof(int) * count);
        var names = new string[count];
        for (int i = 0; i < count; i++)
        {
            names[i] = reader.Text("outputName");
        }

        return names;
    }

    private static int CheckCount(string field, int count, int outputCount) => count == 0 || count == outputCount
        ? count
        : throw new InvalidDataException($"{field} is {count}; it must be 0 or outputCount, {outputCount}.");

    private static NetworkShape Shape(int inputCount, int hiddenUnits, int outputCount, Activation activation, OutputLink link)
    {
        try
        {
            return new NetworkShape(inputCount, hiddenUnits, outputCount, activation, link);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"inputCount, hiddenUnits and outputCount aren't valid together: {e.Message}", e);
        }
    }

    private static void WriteHistory(PayloadWriter writer, TrainingHistory history)
    {
        writer.Byte((byte)history.StopReason);
        writer.Text(history.StopDescription);
        writer.Int64(history.RowsTrained);
        writer.Int64(history.RowsSkipped);
        writer.Int32(history.BatchSize);
        writer.Int32(history.BestEpoch);
        writer.Int32(history.Epochs.Count);
        foreach (TrainingEpoch epoch in history.Epochs)
        {
            writer.Int32(epoch.Epoch);
            writer.Double(epoch.TrainLoss);
            writer.Double(epoch.TrainAccuracy);
            writer.Double(epoch.ValidationLoss ?? double.NaN);
            writer.Double(epoch.ValidationAccuracy ?? double.NaN);
            writer.Singles([epoch.LearningRate]);
            writer.Int64(epoch.Elapsed.Ticks);
            writer.Byte(epoch.ValidationLoss is null ? (byte)0 : (byte)1);
            foreach (double error in epoch.Errors)
            {
                writer.Double(error);
            }
        }

        writer.Int32(history.Options.Count);
        foreach ((string name, string value) in history.Options)
        {
            writer.Text(name);
            writer.Text(value);
        }

        RegularizationSearchResult.Write(writer, history.RegularizationSearch);
    }

    private static TrainingHistory ReadHistory(PayloadReader reader)
    {
        const int epochBytes = sizeof(int) + (4 + TrainingEpoch.ErrorCount) * sizeof(double) + sizeof(float) + sizeof(long) + 1;
        var stop = new Stop((StopReason)reader.Byte("stopReason", (byte)StopReason.Canceled), reader.Text("stopDescription"));
        long rowsTrained = reader.Int64("rowsTrained", 0);
        long rowsSkipped = reader.Int64("rowsSkipped", 0);
        int batchSize = reader.Int32("batchSize", 0, int.MaxValue);
        int bestEpoch = reader.Int32("bestEpoch", 0, int.MaxValue);
        int count = reader.Int32("epochCount", 0, MaxEpochs);
        reader.Require("epochs", (long)count * epochBytes);
        var epochs = new TrainingEpoch[count];
        for (int e = 0; e < count; e++)
        {
            int epoch = reader.Int32("epoch", 0, int.MaxValue);
            double trainLoss = reader.Double("trainLoss"), trainAccuracy = reader.Double("trainAccuracy");
            double validationLoss = reader.Double("validationLoss"), validationAccuracy = reader.Double("validationAccuracy");
            float learningRate = reader.Singles("learningRate", 1)[0];
            var elapsed = new TimeSpan(reader.Int64("elapsed", 0));
            bool isValidated = reader.Byte("isValidated", 1) == 1;
            double[] errors = [.. Enumerable.Range(0, TrainingEpoch.ErrorCount).Select(_ => reader.Double("errors"))];
            epochs[e] = TrainingEpoch.Create(
                epoch, trainLoss, trainAccuracy, validationLoss, validationAccuracy, learningRate, elapsed, isValidated, errors);
        }

        return new TrainingHistory(
            epochs, bestEpoch, stop, rowsTrained, rowsSkipped, batchSize, ReadOptions(reader), RegularizationSearchResult.Read(reader));
    }

    private static KeyValuePair<string, string>[] ReadOptions(PayloadReader reader)
    {
        int count = reader.Int32("optionCount", 0, MaxOptions);
        reader.Require("options", 2L * sizeof(int) * count);
        var options = new KeyValuePair<string, string>[count];
        for (int i = 0; i < count; i++)
        {
            options[i] = new(reader.Text("option name"), reader.Text("option value"));
        }

        return options;
    }
}
