using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML;

namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>A damaged payload inside an otherwise valid zip of ML.NET's, opened by <c>mlContext.Model.Load</c>.</summary>
internal sealed class ZipTarget : IFuzzTarget
{
    private readonly MLContext _mlContext;
    private readonly PayloadMutator _mutator;
    private readonly (string Name, byte[] Content)[][] _zips;
    private readonly byte[][] _payloads;

    public ZipTarget(MLContext mlContext, FuzzModels models)
    {
        _mlContext = mlContext;
        _mutator = new PayloadMutator(mlContext, models);
        _payloads = [.. models.Transformers.Select(FuzzModels.Payload)];
        _zips = [.. models.Transformers.Select(Entries)];
    }

    public string Name => "ML.NET zip";

    public FuzzCase Make(Random random)
    {
        int model = random.Next(_zips.Length);
        byte[] payload = _mutator.Mutate(random, model);
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] content) in _zips[model])
            {
                int at = content.AsSpan().IndexOf(_payloads[model]);
                using Stream entry = archive.CreateEntry(name, CompressionLevel.Fastest).Open();
                entry.Write(at < 0 ? content : Replace(random, content, at, _payloads[model].Length, payload));
            }
        }

        return new FuzzCase(stream.ToArray());
    }

    public object Open(FuzzCase file)
    {
        using var stream = new MemoryStream(file.Files[0], writable: false);
        return _mlContext.Model.Load(stream, out _);
    }

    public void Inspect(object opened) => FuzzModels.Use(((TwoLayerNetworkTransformer)opened).Model);

    /// <summary>ML.NET wraps our exception in its own, which says that a class couldn't be instantiated.</summary>
    public bool IsRefusal(Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is InvalidDataException or FormatException)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The entry with another payload: in most cases with a matching frame and header, so that it is read.</summary>
    private static byte[] Replace(Random random, byte[] entry, int start, int length, byte[] payload)
    {
        int end = start + length, frame = start - sizeof(long);
        byte[] changed = [.. entry[..start], .. payload, .. entry[end..]];
        if (random.Next(5) != 0)
        {
            // ML.NET's header contains positions, 8 bytes each, of the parts after the payload, and the length of the block.
            for (int at = 0; at < frame; at += sizeof(long))
            {
                long value = BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(at));
                if ((value >= end && value <= entry.Length) || value == sizeof(long) + length)
                {
                    BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(at), value + payload.Length - length);
                }
            }
        }

        long announced = random.Next(6) switch { 0 => random.NextInt64(long.MinValue, long.MaxValue), 1 => length, _ => payload.Length };
        BinaryPrimitives.WriteInt64LittleEndian(changed.AsSpan(frame), announced);
        return changed;
    }

    private (string Name, byte[] Content)[] Entries(TwoLayerNetworkTransformer transformer)
    {
        using var stream = new MemoryStream();
        _mlContext.Model.Save(transformer, null, stream);
        using var archive = new ZipArchive(stream);
        return [.. archive.Entries.Select(entry =>
        {
            byte[] content = new byte[entry.Length];
            using Stream from = entry.Open();
            from.ReadExactly(content);
            return (entry.FullName, content);
        })];
    }
}
