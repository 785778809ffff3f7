using System.IO.Compression;
using MnistMlNet.Tests.Serialization.Model;

namespace MnistMlNet.Tests.Serialization.Npz;

public sealed class NpzFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>w1 = [[1, 2], [3, 4], [5, 6]] in every form that NumPy writes.</summary>
    public static TheoryData<string, byte[]> FormsOfW1 => new()
    {
        { "float32", NpyBytes.Float32("(3, 2)", 1, 2, 3, 4, 5, 6) },
        { "version 2", NpyBytes.Make("<f4", "(3, 2)", Bytes([1, 2, 3, 4, 5, 6], PayloadBytes.Single), version: 2) },
        { "version 3", NpyBytes.Make("<f4", "(3, 2)", Bytes([1, 2, 3, 4, 5, 6], PayloadBytes.Single), version: 3) },
        { "float64", NpyBytes.Make("<f8", "(3, 2)", Bytes([1, 2, 3, 4, 5, 6], value => PayloadBytes.Double(value))) },
        { "big-endian float32", NpyBytes.Make(">f4", "(3, 2)",
            Bytes([1, 2, 3, 4, 5, 6], value => [.. PayloadBytes.Single(value).Reverse()])) },
        { "big-endian float64", NpyBytes.Make(">f8", "(3, 2)",
            Bytes([1, 2, 3, 4, 5, 6], value => [.. PayloadBytes.Double(value).Reverse()])) },
        { "Fortran order", NpyBytes.Make("<f4", "(3, 2)", Bytes([1, 3, 5, 2, 4, 6], PayloadBytes.Single), fortran: true) },
        { "Fortran order, float64", NpyBytes.Make("<f8", "(3, 2)", Bytes([1, 3, 5, 2, 4, 6], value => PayloadBytes.Double(value)),
            fortran: true) },
    };

    /// <summary>The array, its bytes or null for none, and words of the expected error.</summary>
    public static TheoryData<string, byte[]?, string[]> Damages => new()
    {
        { "w1", null, ["no array w1", "b1.npy"] },
        { "b2", null, ["no array b2"] },
        { "w1", NpyBytes.Float32("(6,)", 1, 2, 3, 4, 5, 6), ["w1", "(6)", "matrix"] },
        { "w1", NpyBytes.Float32("(0, 2)"), ["w1", "(0, 2)", "matrix"] },
        { "w1", NpyBytes.Float32("(1, 3, 2)", 1, 2, 3, 4, 5, 6), ["w1", "(1, 3, 2)", "1 or 2"] },
        { "w1", NpyBytes.Float32("()", 1), ["w1", "0 dimensions"] },
        { "w1", NpyBytes.Float32("(2, 3)", 1, 2, 3, 4, 5, 6), ["w2 has 3 columns", "w1 has 2 rows"] },
        { "b1", NpyBytes.Float32("(2,)", 1, 2), ["b1", "(2)", "(3,) or (3, 1)"] },
        { "b1", NpyBytes.Float32("(1, 3)", 1, 2, 3), ["b1", "(1, 3)", "(3,) or (3, 1)"] },
        { "b2", NpyBytes.Float32("(3,)", 1, 2, 3), ["b2", "(3)", "(2,) or (2, 1)"] },
        { "w2", NpyBytes.Float32("(1, 3)", 1, 2, 3), ["w2 has 1 rows", "2 or more"] },
        { "w1", NpyBytes.Make("<i4", "(3, 2)", new byte[24]), ["w1", "'<i4'", "'<f4'", "'<f8'"] },
        { "w1", NpyBytes.Make("|O", "(3, 2)", new byte[24]), ["w1", "'|O'"] },
        { "w1", NpyBytes.Make("<f2", "(3, 2)", new byte[12]), ["w1", "'<f2'"] },
        { "w1", NpyBytes.Float32("(3, 2)", 1, 2, 3, 4, 5), ["w1", "20 bytes", "(3, 2)", "24"] },
        { "w1", NpyBytes.Float32("(3, 2)", 1, 2, 3, 4, 5, 6, 7), ["w1", "28 bytes", "24"] },
        { "w1", NpyBytes.Float32("(3, 2)", 1, 2, 3, 4, 5, 6)[..30], ["w1"] },
        { "w1", NpyBytes.Float32("(3, 2)", 1, 2, 3, 4, 5, 6)[..9], ["w1"] },
        { "w1", [], ["w1"] },
        { "w1", NpyBytes.Make("<f4", "(16777216, 16777216)", []), ["w1", "16777216, 16777216"] },
        { "w1", NpyBytes.Make("<f4", "(99999999999, 1)", []), ["w1", "99999999999"] },
        { "w1", NpyBytes.Make("<f4", "(3, 2)", new byte[24], version: 4), ["w1", "version", "4"] },
        { "w1", [.. "not a numpy file"u8], ["w1"] },
        { "b1", NpyBytes.Float32("(3,)", 1, float.NaN, 3), ["hiddenBiases[1]", "finite"] },
        { "w2", NpyBytes.Make("<f8", "(2, 3)", Bytes([1, 1, 1, 1, 1, 1], _ => PayloadBytes.Double(1e300))),
            ["outputWeights[0]", "finite"] },
    };

    [Theory]
    [MemberData(nameof(FormsOfW1))]
    public void LoadNpz_AnyFormThatNumPyWrites_GivesTheArrays(string form, byte[] w1)
    {
        Dictionary<string, byte[]> arrays = NpyBytes.Network();
        arrays["w1.npy"] = w1;

        TwoLayerNetworkModelParameters model = TwoLayerNetworkModelParameters.LoadNpz(_folder.Write(form + ".npz", NpyBytes.Zip(arrays)),
            Activation.Tanh);

        Assert.Equal((2, 3, 2, Activation.Tanh), (model.InputCount, model.HiddenUnits, model.ClassCount, model.Activation));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, -3, -4, -5, -6, -7, -8], Examples.Parameters(model));
    }

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void LoadNpz_BiasesAsColumnsInAnyOrderCompressedOrNotBesideOtherArrays_GivesTheArrays(CompressionLevel compression)
    {
        Dictionary<string, byte[]> arrays = NpyBytes.Network();
        arrays["b1.npy"] = NpyBytes.Float32("(3, 1)", 7, 8, 9);
        arrays["b2.npy"] = NpyBytes.Make("<f8", "(2, 1)", Bytes([-7, -8], value => PayloadBytes.Double(value)), fortran: true);
        arrays["accuracy.npy"] = NpyBytes.Make("|O", "()", [1, 2, 3]);

        TwoLayerNetworkModelParameters model = TwoLayerNetworkModelParameters.LoadNpz(
            _folder.Write("columns.npz", NpyBytes.Zip(arrays.Reverse(), compression)));

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, -3, -4, -5, -6, -7, -8], Examples.Parameters(model));
        Assert.Equal(["0", "1"], model.ClassNames.ToArray());
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void LoadNpz_DamagedArray_IsRefusedWithFileArrayFoundAndExpected(string array, byte[]? content, string[] words)
    {
        Dictionary<string, byte[]> arrays = NpyBytes.Network();
        arrays.Remove(array + ".npy");
        if (content is not null)
        {
            arrays[array + ".npy"] = content;
        }

        string path = _folder.Write("damaged.npz", NpyBytes.Zip(arrays));
        long before = GC.GetAllocatedBytesForCurrentThread();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TwoLayerNetworkModelParameters.LoadNpz(path));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Contains($"'{path}'", e.Message, StringComparison.Ordinal);
        Assert.All(words, word => Assert.Contains(word, e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void LoadNpz_NotAnArchive_IsRefusedWithTheFile()
    {
        byte[] archive = NpyBytes.Zip(NpyBytes.Network());
        foreach (byte[] content in new[] { [], "w1,b1,w2,b2\n"u8.ToArray(), archive[..(archive.Length / 2)], archive[..^1] })
        {
            string path = _folder.Write("not.npz", content);

            InvalidDataException e = Assert.Throws<InvalidDataException>(() => TwoLayerNetworkModelParameters.LoadNpz(path));

            Assert.Contains($"'{path}'", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void LoadNpz_OneBitOfAWeightFlipped_IsRefusedByItsChecksum()
    {
        byte[] archive = NpyBytes.Zip(NpyBytes.Network());
        archive[archive.AsSpan().IndexOf(PayloadBytes.Single(6)) + 2] ^= 1;
        string path = _folder.Write("flipped.npz", archive);

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TwoLayerNetworkModelParameters.LoadNpz(path));

        Assert.Contains("w1: ", e.Message, StringComparison.Ordinal);
        Assert.Contains("checksum", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4000, 4000, false)] // 64 MB of zeros
    [InlineData(1, 1_000_000, false)] // 4 MB, and 64 MB once the one hidden unit is padded to 16
    [InlineData(2900, 1550, true)] // 18 MB, read, transposed and padded
    public void LoadNpz_ZerosThatShrinkAThousandfold_AreRefusedBeforeTheirMemoryIsTaken(int rows, int columns, bool fortran)
    {
        byte[] w1 = NpyBytes.Make("<f4", $"({rows}, {columns})", new byte[4L * rows * columns], fortran);
        Dictionary<string, byte[]> arrays = new()
        {
            ["w1.npy"] = w1,
            ["b1.npy"] = NpyBytes.Make("<f4", $"({rows},)", new byte[4 * rows]),
            ["w2.npy"] = NpyBytes.Make("<f4", $"(2, {rows})", new byte[8 * rows]),
            ["b2.npy"] = NpyBytes.Make("<f4", "(2,)", new byte[8]),
        };
        string bomb = _folder.Write("bomb.npz", NpyBytes.Zip(arrays, CompressionLevel.Fastest));
        long before = GC.GetAllocatedBytesForCurrentThread();

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => TwoLayerNetworkModelParameters.LoadNpz(bomb));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Contains("more than 16 times", e.Message, StringComparison.Ordinal);

        // The same archive, not compressed, is valid.
        Assert.Equal(columns, TwoLayerNetworkModelParameters.LoadNpz(_folder.Write("honest.npz", NpyBytes.Zip(arrays))).InputCount);
    }

    [Fact]
    public void LoadNpz_NoFileOrNoPathOrNoSuchActivation_IsRefused()
    {
        string path = _folder.Write("network.npz", NpyBytes.Zip(NpyBytes.Network()));

        Assert.Contains("missing.npz", Assert.Throws<FileNotFoundException>(() =>
            TwoLayerNetworkModelParameters.LoadNpz(_folder.File("missing.npz"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("path", () => TwoLayerNetworkModelParameters.LoadNpz(""));
        Assert.Throws<ArgumentOutOfRangeException>("activation", () => TwoLayerNetworkModelParameters.LoadNpz(path, (Activation)9));
    }

    [Fact]
    public void SaveNpz_AnyNetwork_WritesFourArraysByTheSpecification()
    {
        string path = _folder.File("saved.npz");

        Network().SaveNpz(path);

        using ZipArchive archive = ZipFile.OpenRead(path);
        Assert.Equal(["w1.npy", "b1.npy", "w2.npy", "b2.npy"], archive.Entries.Select(entry => entry.FullName));
        (string Header, float[] Values)[] arrays = [.. archive.Entries.Select(entry =>
        {
            using Stream stream = entry.Open();
            byte[] content = new byte[entry.Length];
            stream.ReadExactly(content);
            return NpyBytes.Parse(content);
        })];
        Assert.Equal(
            new[] { "(3, 2)", "(3,)", "(2, 3)", "(2,)" }.Select(shape => $"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"),
            arrays.Select(array => array.Header));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 9, -1, -2, -3, -4, -5, -6, -7, -8], arrays.SelectMany(array => array.Values));
    }

    [Fact]
    public void SaveNpz_TheSameNetwork_WritesTheSameBytesAndReplacesAnOlderFile()
    {
        string first = _folder.Write("first.npz", "something older and longer than nothing"), second = _folder.File("second.npz");

        Network().SaveNpz(first);
        Network().SaveNpz(second);

        Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
        Assert.Equal(Examples.Bits(Network()), Examples.Bits(TwoLayerNetworkModelParameters.LoadNpz(first)));
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    /// <summary>Comparison with NumPy itself, in both directions.</summary>
    [NumPyFact]
    public void NumPy_reads_what_we_write_and_we_read_what_NumPy_writes()
    {
        string ours = _folder.File("ours.npz"), theirs = _folder.File("theirs.npz");
        Network().SaveNpz(ours);
        string script = _folder.Write("check.py", """
            import sys, numpy
            found = numpy.load(sys.argv[1])
            assert sorted(found.files) == ['b1', 'b2', 'w1', 'w2'], found.files
            assert all(found[name].dtype == numpy.float32 for name in found.files)
            assert found['w1'].tolist() == [[1, 2], [3, 4], [5, 6]] and found['b1'].tolist() == [7, 8, 9]
            assert found['w2'].tolist() == [[-1, -2, -3], [-4, -5, -6]] and found['b2'].tolist() == [-7, -8]
            numpy.savez_compressed(
                sys.argv[2], w1=numpy.asfortranarray(found['w1']).astype('>f8'), b1=found['b1'].reshape(3, 1),
                w2=found['w2'], b2=found['b2'].astype('f8'))
            """);

        NumPyFactAttribute.Python(script, ours, theirs);

        Assert.Equal(Examples.Bits(Network()), Examples.Bits(TwoLayerNetworkModelParameters.LoadNpz(theirs)));
    }

    private static TwoLayerNetworkModelParameters Network() =>
        TwoLayerNetworkModelParameters.Create(2, 3, 2, [1, 2, 3, 4, 5, 6], [7, 8, 9], [-1, -2, -3, -4, -5, -6], [-7, -8]);

    private static byte[] Bytes(float[] values, Func<float, byte[]> encode) => [.. values.SelectMany(encode)];
}
