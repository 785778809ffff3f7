using System.IO.Compression;
using MnistMlNet.Serialization.Npz;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>NumPy archives: the zip around the arrays, the arrays in it, and decompression bombs.</summary>
internal sealed class NpzTarget : IFuzzTarget, IDisposable
{
    /// <summary>One file in this many has a huge number of entries: such files take more time than all others together.</summary>
    private const int SeriesRarity = 100;

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("mnistmlnet-fuzz-").FullName, "fuzz.npz");
    private readonly (string Name, byte[] Content, Field[] Fields)[] _arrays;
    private readonly byte[][] _archives;
    private readonly Field[][] _archiveFields;
    private readonly Lazy<byte[][]> _bombs;

    public NpzTarget()
    {
        TwoLayerNetworkModelParameters model = TwoLayerNetworkModelParameters.Create(
            4, 3, 2, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [7, 8, 9], [-1, -2, -3, -4, -5, -6], [-7, -8]);
        model.SaveNpz(_path);
        using (ZipArchive archive = ZipFile.OpenRead(_path))
        {
            _arrays = [.. archive.Entries.Select(entry =>
            {
                byte[] content = new byte[entry.Length];
                using Stream from = entry.Open();
                from.ReadExactly(content);
                return (entry.FullName, content, FieldRecorder.Record(content, stream =>
                    NpyArray.Read(stream, NpyHeader.Read(stream, content.Length), content.Length)));
            })];
        }

        _archives = [File.ReadAllBytes(_path), Zip(_arrays.Select(array => (array.Name, array.Content)), CompressionLevel.Optimal)];
        _archiveFields = [.. _archives.Select(ZipFields.Of)];
        _bombs = new(() => [Bomb(1 << 12, 1 << 12), Bomb(1, 1 << 20), Bomb(1 << 20, 1)]);
    }

    public string Name => "npz";

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    public FuzzCase Make(Random random)
    {
        var mutator = new Mutator(random);
        if (random.Next(500) == 0)
        {
            byte[] bomb = _bombs.Value[random.Next(_bombs.Value.Length)];
            return new FuzzCase(random.Next(2) == 0 ? bomb : mutator.Mutate(bomb, ZipFields.Of(bomb)));
        }

        if (random.Next(SeriesRarity) == 0)
        {
            return new FuzzCase(ZipSeries.Make(random, _archives[random.Next(_archives.Length)]));
        }

        if (random.Next(2) == 0)
        {
            int which = random.Next(_archives.Length);
            return new FuzzCase(mutator.Mutate(_archives[which], _archiveFields[which]));
        }

        // A damaged array with a matching checksum, because it was zipped after the damage.
        int damaged = random.Next(_arrays.Length);
        return new FuzzCase(Zip(
            _arrays.Select((array, i) => (array.Name, i == damaged ? mutator.Mutate(array.Content, array.Fields) : array.Content)),
            random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Fastest));
    }

    public object Open(FuzzCase file)
    {
        File.WriteAllBytes(_path, file.Files[0]);
        return TwoLayerNetworkModelParameters.LoadNpz(_path);
    }

    public void Inspect(object opened) => FuzzModels.Use((TwoLayerNetworkModelParameters)opened);

    public bool IsRefusal(Exception exception) =>
        exception is InvalidDataException && exception.Message.Contains(_path, StringComparison.Ordinal);

    /// <summary>A consistent archive of zeros, which compresses by a factor of a thousand.</summary>
    private static byte[] Bomb(int hiddenUnits, int inputs)
    {
        static byte[] Array(params int[] shape)
        {
            using var stream = new MemoryStream();
            NpyArray.Write(stream, new float[shape.Aggregate(1, (product, side) => product * side)], shape);
            return stream.ToArray();
        }

        return Zip(
            [("w1.npy", Array(hiddenUnits, inputs)), ("b1.npy", Array(hiddenUnits)), ("w2.npy", Array(2, hiddenUnits)),
                ("b2.npy", Array(2))], CompressionLevel.Fastest);
    }

    internal static byte[] Zip(IEnumerable<(string Name, byte[] Content)> entries, CompressionLevel compression)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in entries)
            {
                using Stream entry = archive.CreateEntry(name, compression).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
