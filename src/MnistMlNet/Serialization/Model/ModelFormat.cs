using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Microsoft.ML.Runtime;
using MnistMlNet.Data;
using MnistMlNet.Extensibility;
using MnistMlNet.Network;
using MnistMlNet.Primitives;

namespace MnistMlNet.Serialization.Model;

/// <summary>What stands inside ML.NET's zip. docs/model-format.md is the same, field by field.</summary>
/// <remarks>
/// *** Binary format, little-endian ***
/// magic 8 bytes; formatVersion int32; inputCount, hiddenUnits, classCount int32; activation byte; featureColumnName text;
/// labelKind byte and, unless 0, classCount label values; hiddenWeights [H, I], hiddenBiases [H], outputWeights [C, H], outputBiases [C]
/// float32; history; options: their number int32, then name and value as texts; regularization search: candidates int32 and, unless 0,
/// folds, rows and chosen one int32 each, then strength and log-loss of each candidate, float64; SHA-256 of all before, 32 bytes. A text is
/// its length in bytes, int32, and UTF-8.
/// </remarks>
internal static class ModelFormat
{
    /// <summary>The first 8 bytes. The last four catch a transfer that changes line ends, as PNG's do.</summary>
    public static ReadOnlySpan<byte> Magic => "TLNN\r\n\x1A\n"u8;

    /// <summary>1: the first.</summary>
    public const int FormatVersion = 1;

    public const int MaxEpochs = 1 << 24;

    /// <summary>More than the options and a weight for each of the most classes.</summary>
    public const int MaxOptions = 1 << 25;

    private const int HashLength = 32;

    // A process that only calls Model.Load runs nothing of this assembly before MnistMlNet.Extensibility runs its module
    // initializer; there is no other moment.
    [SuppressMessage("Usage", "CA2255", Justification = "MnistMlNet.Extensibility can't reference this assembly.")]
    [ModuleInitializer]
    internal static void Register() => TransformerLoader.Factory = Read;

    public static void Write(Stream stream, TwoLayerNetworkTransformer transformer)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writer = new PayloadWriter(stream, hash);
        TwoLayerNetworkModelParameters model = transformer.Model;
        writer.Bytes(Magic);
        writer.Int32(FormatVersion);
        writer.Int32(model.InputCount);
        writer.Int32(model.HiddenUnits);
        writer.Int32(model.ClassCount);
        writer.Byte((byte)model.Activation);
        writer.Text(transformer.FeatureColumnName);
        LabelSerializer.Write(writer, transformer.Labels);
        writer.Singles(model.HiddenWeights.Span);
        writer.Singles(model.HiddenBiases.Span);
        writer.Singles(model.OutputWeights.Span);
        writer.Singles(model.OutputBiases.Span);
        WriteHistory(writer, transformer.History);
        stream.Write(hash.GetHashAndReset());
    }

    /// <exception cref="InvalidDataException">A field isn't as the format says; the message names it and where it stands.</exception>
    public static TwoLayerNetworkTransformer Read(IHostEnvironment environment, Stream stream)
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

        int inputCount = reader.Int32("inputCount", 1, NetworkShape.MaxCount);
        int hiddenUnits = reader.Int32("hiddenUnits", 1, NetworkShape.MaxCount);
        int classCount = reader.Int32("classCount", 2, NetworkShape.MaxCount);
        var activation = (Activation)reader.Byte("activation", (byte)Enum.GetValues<Activation>().Max());
        NetworkShape shape = Shape(inputCount, hiddenUnits, classCount, activation);

        // Before the labels, whose number the counts give, too.
        reader.Require("hiddenWeights to outputBiases", shape.ParameterCount * sizeof(float));
        string featureColumnName = reader.Text("featureColumnName");
        if (featureColumnName.Length == 0)
        {
            throw new InvalidDataException("featureColumnName is empty.");
        }

        ClassLabels? labels = LabelSerializer.Read(reader, classCount);
        float[] hiddenWeights = reader.Singles("hiddenWeights", (long)hiddenUnits * inputCount);
        float[] hiddenBiases = reader.Singles("hiddenBiases", hiddenUnits);
        float[] outputWeights = reader.Singles("outputWeights", (long)classCount * hiddenUnits);
        float[] outputBiases = reader.Singles("outputBiases", classCount);
        TrainingHistory history = ReadHistory(reader);
        byte[] expected = hash.GetHashAndReset();
        if (!reader.Bytes(HashLength, "sha256").SequenceEqual(expected))
        {
            throw new InvalidDataException("sha256, the last 32 bytes, doesn't fit the content: the model is damaged.");
        }

        if (reader.Remaining != 0)
        {
            throw new InvalidDataException($"{reader.Remaining} bytes follow after sha256; it must be the last field.");
        }

        var network = new NetworkParameters(shape);
        network.FromRowMajor(hiddenWeights, hiddenBiases, outputWeights, outputBiases);
        return new TwoLayerNetworkTransformer(
            environment, new TwoLayerNetworkModelParameters(network, labels?.Texts ?? default), featureColumnName, labels, history);
    }

    private static NetworkShape Shape(int inputCount, int hiddenUnits, int classCount, Activation activation)
    {
        try
        {
            return new NetworkShape(inputCount, hiddenUnits, classCount, activation);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"inputCount, hiddenUnits and classCount don't go together: {e.Message}", e);
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
        const int epochBytes = sizeof(int) + 4 * sizeof(double) + sizeof(float) + sizeof(long);
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
            bool isValidated = !double.IsNaN(validationAccuracy);                  // an accuracy always is a number, a loss need not be
            epochs[e] = new TrainingEpoch(
                epoch, trainLoss, trainAccuracy, isValidated ? validationLoss : null, isValidated ? validationAccuracy : null,
                reader.Singles("learningRate", 1)[0], new TimeSpan(reader.Int64("elapsed", 0)));
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
