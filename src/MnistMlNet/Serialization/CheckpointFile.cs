using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML.Runtime;
using MnistMlNet.Kernels;
using MnistMlNet.Network;
using MnistMlNet.Training;

namespace MnistMlNet.Serialization;

/// <summary>The state of a training run in a file that is replaced atomically. docs/model-format.md describes it.</summary>
/// <remarks>
/// *** Binary format, little-endian ***
/// magic 8 bytes; formatVersion int32; identity: count int32, then name and value as texts; elapsed int64 (ticks); the state's fields one after another
/// as int64, float64 or float32; SHA-256 of all before, 32 bytes.
/// </remarks>
internal sealed class CheckpointFile(
    string path, TwoLayerNetworkTrainer.Options options, IReadOnlyList<KeyValuePair<string, string>> identity, IChannel channel) : ICheckpoint
{
    /// <summary>1: the first.</summary>
    public const int FormatVersion = 1;

    private const int HashLength = 32;
    private const int MostPairs = 1 << 24;

    /// <summary>Options that don't change the parameters, or not those of the epochs done.</summary>
    private static readonly HashSet<string> s_free =
    [
        nameof(options.NumberOfThreads), nameof(options.EpochCallback), nameof(options.CheckpointPath), nameof(options.CheckpointInterval),
        nameof(options.ResumeFromCheckpoint), nameof(options.KeepBestOnCancel), nameof(options.EarlyStoppingPatience),
    ];

    public static ReadOnlySpan<byte> Magic => "TLNC\r\n\x1A\n"u8;

    /// <summary>Lists everything that the next epoch depends on beside the state: what must be the same to go on.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Identify(
        IReadOnlyList<KeyValuePair<string, string>> optionTexts, TrainingPlan plan, IKernels kernels, NetworkShape shape, IRowSource rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        rows.Sample.AppendTo(hash);
        bool isEndFixed = plan.LearningRateSchedule is LearningRateSchedule.Cosine or LearningRateSchedule.Linear;
        return
        [
            .. optionTexts.Where(pair => !s_free.Contains(pair.Key) && (isEndFixed || pair.Key != nameof(TwoLayerNetworkTrainer.Options.NumberOfEpochs))),
            new("network", string.Create(CultureInfo.InvariantCulture, $"{shape.InputCount}-{shape.HiddenUnits}-{shape.ClassCount}")),
            new("class weights", plan.ClassWeights is null ? "none" : string.Join(' ', plan.ClassWeights.Select(w => w.ToString(CultureInfo.InvariantCulture)))),
            new("rows", rows.RowCount.ToString(CultureInfo.InvariantCulture)),
            new("SHA-256 of the rows", Convert.ToHexStringLower(hash.GetHashAndReset())),
            new("processor's vectors", kernels.Tier.ToString()),
        ];
    }

    public TimeSpan Restore(TrainingLoop loop)
    {
        if (!options.ResumeFromCheckpoint || !File.Exists(path))
        {
            return TimeSpan.Zero;
        }

        using FileStream stream = File.OpenRead(path);
        try
        {
            TimeSpan elapsed = Read(stream, loop);
            channel.Info(MessageSensitivity.None, $"Resumed from '{path}' after epoch {loop.Epochs.Count}.");
            return elapsed;
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The checkpoint '{path}' can't be read: {e.Message}", e);
        }
    }

    public void Save(TrainingLoop loop, TimeSpan elapsed, bool isLast)
    {
        if (isLast || loop.Epochs.Count % options.CheckpointInterval == 0)
        {
            AtomicFile.Write(path, stream => Write(stream, loop, elapsed));
        }
    }

    private void Write(Stream stream, TrainingLoop loop, TimeSpan elapsed)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var writer = new PayloadWriter(stream, hash);
        writer.Bytes(Magic);
        writer.Int32(FormatVersion);
        writer.Int32(identity.Count);
        foreach ((string name, string value) in identity)
        {
            writer.Text(name);
            writer.Text(Shorten(value));
        }

        writer.Int64(elapsed.Ticks);
        loop.Exchange(new StateWriter(writer));
        stream.Write(hash.GetHashAndReset());
    }

    private TimeSpan Read(Stream stream, TrainingLoop loop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var reader = new PayloadReader(stream, hash);
        if (!reader.Bytes(Magic.Length, "magic").SequenceEqual(Magic))
        {
            throw new InvalidDataException("magic, the first 8 bytes, is not that of a checkpoint.");
        }

        int version = reader.Int32("formatVersion", 1, int.MaxValue);
        if (version > FormatVersion)
        {
            throw new FormatException($"The checkpoint '{path}' has format version {version}; this release of MnistMlNet reads up to {FormatVersion}. Update the package MnistMlNet.");
        }

        int count = reader.Int32("identityCount", 0, MostPairs);
        for (int i = 0; i < count; i++)
        {
            string name = reader.Text("identity name"), value = reader.Text("identity value");
            if (i >= identity.Count || identity[i].Key != name || Shorten(identity[i].Value) != value)
            {
                string now = identity.Where(pair => pair.Key == name).Select(pair => pair.Value).FirstOrDefault("not there");
                throw new InvalidOperationException(
                    $"The checkpoint '{path}' is of another training: {name} was {value} and is {now}. Delete the file, choose another CheckpointPath, or train as before.");
            }
        }

        if (count != identity.Count)
        {
            throw new InvalidOperationException(
                $"The checkpoint '{path}' is of another training: {identity[count].Key} is {identity[count].Value} and was not there. Delete the file, choose another CheckpointPath, or train as before.");
        }

        var elapsed = new TimeSpan(reader.Int64("elapsed", 0));
        loop.Exchange(new StateReader(reader));
        byte[] expected = hash.GetHashAndReset();
        if (!reader.Bytes(HashLength, "sha256").SequenceEqual(expected) || reader.Remaining != 0)
        {
            throw new InvalidDataException("sha256, the last 32 bytes, doesn't fit the content: the checkpoint is damaged.");
        }

        return elapsed;
    }

    /// <summary>A value that is too long for a text stands as its hash: ten thousand class weights, say.</summary>
    private static string Shorten(string value) =>
        value.Length <= 1024 ? value : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
