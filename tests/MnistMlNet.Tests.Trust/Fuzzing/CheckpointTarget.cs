using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Training;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>
/// Damaged checkpoints, each resumed by the training that wrote it: one with Adam, one that holds rows back and keeps the best epoch, one
/// with L-BFGS.
/// </summary>
internal sealed class CheckpointTarget : IFuzzTarget, IDisposable
{
    private const int EpochsBefore = 2;

    /// <summary>Seven numbers of 8 bytes, the last of which is the time.</summary>
    private const int EpochLength = 7 * sizeof(long);

    private static readonly Optimizer[] s_optimizers = [Optimizer.Adam, Optimizer.GradientDescent, Optimizer.Lbfgs];

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("mnistmlnet-fuzz-").FullName, "fuzz.checkpoint");
    private readonly MLContext _mlContext;
    private readonly IDataView _rows;
    private readonly (byte[] Bytes, Field[] Fields)[] _checkpoints;

    public CheckpointTarget(MLContext mlContext)
    {
        _mlContext = mlContext;
        _rows = mlContext.Data.LoadFromEnumerable(
            Enumerable.Range(0, 30).Select(i => new Row { Label = (uint)(i % 3), Features = [i % 3, 1 - i % 5 * 0.1f, i % 2] }));
        _checkpoints = [.. s_optimizers.Select(optimizer =>
        {
            Fit(optimizer, EpochsBefore, resume: false);
            return WithoutClock(File.ReadAllBytes(_path));
        })];
    }

    public string Name => "checkpoint";

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    /// <returns>The file, and the index of the training that it is for.</returns>
    public FuzzCase Make(Random random)
    {
        int which = random.Next(_checkpoints.Length);
        return new FuzzCase(new Mutator(random).MutateHashed(_checkpoints[which].Bytes, _checkpoints[which].Fields), [(byte)which]);
    }

    /// <summary>
    /// Each count made very large, with a matching checksum: of epochs, steps, pairs of L-BFGS and so on. The counts are found because they
    /// are the only small numbers of 8 bytes.
    /// </summary>
    public IEnumerable<FuzzCase> HugeCounts()
    {
        for (int which = 0; which < _checkpoints.Length; which++)
        {
            (byte[] bytes, Field[] fields) = _checkpoints[which];
            foreach (Field field in fields.Where(field =>
                field.Length == sizeof(long) && BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(field.Offset)) is >= 1 and <= 1000))
            {
                foreach (long huge in (long[])[1 << 28, 1L << 40, long.MaxValue, -1])
                {
                    byte[] content = bytes[..^SHA256.HashSizeInBytes];
                    BinaryPrimitives.WriteInt64LittleEndian(content.AsSpan(field.Offset), huge);
                    yield return new FuzzCase([.. content, .. SHA256.HashData(content)], [(byte)which]);
                }
            }
        }
    }

    public object Open(FuzzCase file)
    {
        File.WriteAllBytes(_path, file.Files[0]);
        return Fit(s_optimizers[file.Files[1][0]], EpochsBefore + 2, resume: true);
    }

    public void Inspect(object opened)
    {
        var transformer = (TwoLayerNetworkTransformer)opened;
        FuzzModels.UseAndKeep(_mlContext, transformer);
        TrainingHistory history = transformer.History;
        if (history.BestEpoch > history.Epochs.Count || history.Epochs.Where((epoch, i) => epoch.Epoch != i + 1).Any())
        {
            throw new InvalidOperationException($"The best of {history.Epochs.Count} epochs is {history.BestEpoch}; they are "
                + $"{string.Join(", ", history.Epochs)}.");
        }
    }

    /// <summary>
    /// Possible numbers may still leave a state from which no training can continue; that must give a normal training error.
    /// </summary>
    public bool IsRefusal(Exception exception) => exception is InvalidDataException or FormatException or InvalidOperationException
        && (exception.Message.Contains($"'{_path}'", StringComparison.Ordinal)
            || exception.Message.StartsWith("Training diverged", StringComparison.Ordinal));

    private TwoLayerNetworkTransformer Fit(Optimizer optimizer, int epochs, bool resume)
    {
        bool isPlain = optimizer == Optimizer.GradientDescent;
        return _mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(new TwoLayerNetworkTrainer.Options
        {
            HiddenUnits = 4,
            NumberOfEpochs = epochs,
            Seed = 1,
            NumberOfThreads = 1,
            Optimizer = optimizer,
            Momentum = isPlain ? 0.9f : 0,
            LearningRateSchedule = optimizer switch
            {
                Optimizer.GradientDescent => LearningRateSchedule.OnPlateau,
                Optimizer.Adam => LearningRateSchedule.Constant,                   // whose number of epochs may grow
                _ => null,
            },
            ValidationFraction = isPlain ? 0.3f : 0,
            RestoreBestEpoch = isPlain,
            CheckpointPath = _path,
            CheckpointInterval = epochs,
            ResumeFromCheckpoint = resume,
        }).Fit(_rows);
    }

    /// <summary>
    /// The same checkpoint with epochs that took no time, so that every run damages the same bytes, and the positions of its fields.
    /// </summary>
    private static (byte[] Bytes, Field[] Fields) WithoutClock(byte[] bytes)
    {
        var fields = new List<Field>();
        int at = 0;
        int Take(int length)
        {
            fields.Add(new Field(at, length));
            at += length;
            return length == sizeof(int) ? BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at - length)) : 0;
        }

        Take(CheckpointFile.Magic.Length);
        Take(sizeof(int));
        int candidates = Take(sizeof(int));
        for (int i = 0; i < (candidates > 0 ? 3 : 0); i++)                         // folds, rows and the chosen candidate
        {
            Take(sizeof(int));
        }

        for (int i = 0; i < 2 * candidates; i++)
        {
            Take(sizeof(double));
        }

        for (int texts = 2 * Take(sizeof(int)); texts > 0; texts--)
        {
            Take(Take(sizeof(int)));
        }

        // From the elapsed time on, all numbers have 4 or 8 bytes.
        int elapsed = at, end = bytes.Length - SHA256.HashSizeInBytes;
        fields.AddRange(Enumerable.Range(0, (end - at) / sizeof(float)).SelectMany(i =>
            new[] { new Field(elapsed + (i * sizeof(float)), sizeof(float)), new Field(elapsed + (i * sizeof(float)), sizeof(double)) }));
        fields.Add(new Field(end, SHA256.HashSizeInBytes));

        byte[] content = bytes[..end];
        content.AsSpan(elapsed, sizeof(long)).Clear();
        for (int epoch = 0; epoch < EpochsBefore; epoch++)
        {
            content.AsSpan(end - (epoch * EpochLength) - sizeof(long), sizeof(long)).Clear();
        }

        return ([.. content, .. SHA256.HashData(content)], [.. fields]);
    }

    private sealed class Row
    {
        [KeyType(3)]
        public uint Label { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
