using System.IO.Compression;

namespace MnistMlNet.Serialization;

/// <summary>A NumPy archive: a zip of one .npy file for each of w1, b1, w2, b2.</summary>
internal static class NpzFile
{
    public static void Write(Stream stream, TwoLayerNetworkModelParameters model)
    {
        // Stored, not compressed: trained weights hardly shrink, and NumPy can map stored arrays.
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        Add("w1", model.HiddenWeights.Span, [model.HiddenUnits, model.InputCount]);
        Add("b1", model.HiddenBiases.Span, [model.HiddenUnits]);
        Add("w2", model.OutputWeights.Span, [model.ClassCount, model.HiddenUnits]);
        Add("b2", model.OutputBiases.Span, [model.ClassCount]);

        void Add(string name, ReadOnlySpan<float> values, int[] shape)
        {
            ZipArchiveEntry entry = archive.CreateEntry(name + ".npy", CompressionLevel.NoCompression);

            // Same model, same bytes: the entry must not carry the time of day. 1980 is where zip's calendar begins.
            entry.LastWriteTime = new DateTimeOffset(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);
            using Stream content = entry.Open();
            NpyArray.Write(content, values, shape);
        }
    }

    public static TwoLayerNetworkModelParameters Read(string path, Activation activation)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read);
            NpyArray w1 = Matrix(archive, "w1"), w2 = Matrix(archive, "w2");
            int hiddenUnits = w1.Shape[0], inputCount = w1.Shape[1], classCount = w2.Shape[0];
            if (w2.Shape[1] != hiddenUnits)
            {
                throw new InvalidDataException($"w2 has {w2.Shape[1]} columns; w1 has {hiddenUnits} rows, and they must be as many.");
            }

            float[] b1 = Vector(archive, "b1", hiddenUnits), b2 = Vector(archive, "b2", classCount);
            return TwoLayerNetworkModelParameters.Create(inputCount, hiddenUnits, classCount, w1.Values, b1, w2.Values, b2, activation);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or ArgumentException and not ArgumentOutOfRangeException { ParamName: "activation" })
        {
            throw new InvalidDataException($"'{path}' isn't an archive of the arrays w1, b1, w2, b2: {e.Message}", e);
        }
    }

    private static NpyArray Matrix(ZipArchive archive, string name)
    {
        NpyArray array = Find(archive, name);
        return array.Shape.Length == 2 && array.Shape[0] > 0 && array.Shape[1] > 0
            ? array
            : throw new InvalidDataException($"{name} has the shape ({string.Join(", ", array.Shape)}); a matrix is wanted.");
    }

    private static float[] Vector(ZipArchive archive, string name, int length)
    {
        NpyArray array = Find(archive, name);
        bool fits = array.Shape is [var count] && count == length || array.Shape is [var rows, 1] && rows == length;
        return fits
            ? array.Values
            : throw new InvalidDataException($"{name} has the shape ({string.Join(", ", array.Shape)}); ({length},) or ({length}, 1) is wanted.");
    }

    private static NpyArray Find(ZipArchive archive, string name)
    {
        ZipArchiveEntry entry = archive.GetEntry(name + ".npy")
            ?? throw new InvalidDataException($"there is no array {name}; found: {string.Join(", ", archive.Entries.Take(10).Select(found => found.FullName))}.");
        using Stream content = entry.Open();
        try
        {
            return NpyArray.Read(content, entry.Length);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"{name}: {e.Message}", e);
        }
    }
}
