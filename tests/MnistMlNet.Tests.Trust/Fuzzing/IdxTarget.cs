using System.Buffers.Binary;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>
/// Files of images and labels, raw and compressed, with damage within the compressed content or around it, and decompression bombs.
/// </summary>
internal sealed class IdxTarget : IFuzzTarget, IDisposable
{
    private const int Count = 5;
    private const int Side = 4;

    /// <summary>One file in this many has a huge number of members: such files take more time than all others together.</summary>
    private const int SeriesRarity = 100;

    private static readonly Field[] s_imageFields = [new(0, 4), new(4, 4), new(8, 4), new(12, 4), new(16, Count * Side * Side)];
    private static readonly Field[] s_labelFields = [new(0, 4), new(4, 4), new(8, Count)];

    private readonly MLContext _mlContext;
    private readonly string _folder = Directory.CreateTempSubdirectory("mnistmlnet-fuzz-").FullName;
    private readonly byte[] _images = Bytes([2051, Count, Side, Side],
        [.. Enumerable.Range(0, Count * Side * Side).Select(i => (byte)(i * 7))]);
    private readonly byte[] _labels = Bytes([2049, Count], [3, 1, 4, 1, 5]);
    private readonly Lazy<FuzzCase[]> _bombs = new(() => [Bomb(1 << 14), Bomb(1 << 10), Bomb(700)]);

    public IdxTarget(MLContext mlContext)
    {
        _mlContext = mlContext;
    }

    public string Name => "IDX";

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    public FuzzCase Make(Random random)
    {
        if (random.Next(1000) == 0)
        {
            return _bombs.Value[random.Next(_bombs.Value.Length)];
        }

        if (random.Next(SeriesRarity) == 0)
        {
            bool ofImages = random.Next(3) != 0;
            return new FuzzCase(ofImages ? GzipSeries.Make(random, _images) : _images,
                ofImages ? _labels : GzipSeries.Make(random, _labels));
        }

        bool damageImages = random.Next(3) != 0;
        return new FuzzCase(
            Damage(random, _images, damageImages ? s_imageFields : null), Damage(random, _labels, damageImages ? null : s_labelFields));
    }

    public object Open(FuzzCase file)
    {
        string images = Path.Combine(_folder, "images.idx"), labels = Path.Combine(_folder, "labels.idx");
        File.WriteAllBytes(images, file.Files[0]);
        File.WriteAllBytes(labels, file.Files[1]);
        return _mlContext.Data.LoadFromIdx(images, labels);
    }

    public void Inspect(object opened)
    {
        var view = (IDataView)opened;
        long rows = view.GetColumn<string>("Label").LongCount(label => label is [>= '0' and <= '9']);
        if (rows != view.GetRowCount() || view.GetColumn<float[]>("Features").Any(features =>
            features.Any(pixel => pixel is not (>= 0 and <= 255))))
        {
            throw new InvalidOperationException($"{rows} of {view.GetRowCount()} rows have a digit, or a pixel isn't 0 to 255.");
        }
    }

    public bool IsRefusal(Exception exception) =>
        exception is InvalidDataException && exception.Message.Contains(_folder, StringComparison.Ordinal);

    /// <param name="fields">Null to leave the content as it is.</param>
    private static byte[] Damage(Random random, byte[] content, Field[]? fields)
    {
        var mutator = new Mutator(random);
        switch (random.Next(3))
        {
            case 0:
                return fields is null ? content : mutator.Mutate(content, fields);
            case 1:
                return GzipSeries.Compress(fields is null ? content : mutator.Mutate(content, fields));
            default:
                byte[] gzip = GzipSeries.Compress(content);
                return fields is null ? gzip
                    : mutator.Mutate(gzip, [new(0, 2), new(2, 1), new(3, 1), new(4, 6), new(gzip.Length - 8, 4), new(gzip.Length - 4, 4)]);
        }
    }

    /// <summary>Blank images of 64 KB each that compress by a factor of a thousand.</summary>
    private static FuzzCase Bomb(int count) =>
        new(GzipSeries.Compress(Bytes([2051, count, 256, 256], new byte[Math.Min(count, 800) << 16])),
        GzipSeries.Compress(Bytes([2049, count], new byte[count])));

    private static byte[] Bytes(int[] numbers, byte[] body)
    {
        byte[] bytes = new byte[numbers.Length * sizeof(int) + body.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(i * sizeof(int)), numbers[i]);
        }

        body.CopyTo(bytes, numbers.Length * sizeof(int));
        return bytes;
    }
}
