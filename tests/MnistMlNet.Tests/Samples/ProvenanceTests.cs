using DigitRecognition;

namespace MnistMlNet.Tests.Samples;

public sealed class ProvenanceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_of_MNIST_is_known_by_its_content_and_named_with_its_licence()
    {
        string path = _folder.File("renamed.gz");
        File.Copy(Repository.MnistFile("t10k-labels-idx1-ubyte.gz"), path);

        DataFileFact fact = Provenance.Of(new DigitFile(path, "Test, labels", 10_000));

        // As in samples/data/mnist/README.md.
        Assert.Equal("ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", fact.Sha256);
        Assert.Contains("CC BY-SA 3.0", fact.Origin, StringComparison.Ordinal);
        Assert.Equal("renamed.gz", fact.Name);
        Assert.Equal("10,000", fact.Rows);
    }

    [Fact]
    public void No_licence_is_claimed_for_any_other_file()
    {
        DataFileFact fact = Provenance.Of(new DigitFile(_folder.Write("mnist_train.csv", "abc"u8.ToArray()), "Training", 1));

        // FIPS 180-2, appendix B.1
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", fact.Sha256);
        Assert.StartsWith("Not known", fact.Origin, StringComparison.Ordinal);
    }
}
