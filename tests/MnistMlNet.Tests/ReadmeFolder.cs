using MnistMlNet.Mnist;
using MnistMlNet.Tests.Mnist;

namespace MnistMlNet.Tests;

/// <summary>The folders that the README's examples expect: a clone of the repository, and a project next to it.</summary>
internal sealed class ReadmeFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private ReadmeFolder()
    {
        Directory.CreateDirectory(Project);
        Directory.CreateDirectory(Mnist);
    }

    /// <summary>Gets the folder of the project.</summary>
    public string Project => _folder.File("Flowers");

    /// <summary>Gets the folder of the digits.</summary>
    public string Mnist => _folder.File("MnistMlNet/samples/data/mnist");

    /// <summary>A clone with all of MNIST's digits.</summary>
    public static ReadmeFolder WithAllDigits()
    {
        var folder = new ReadmeFolder();
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(Repository.MnistFile("README.md"))!, "*.gz"))
        {
            File.Copy(file, Path.Combine(folder.Mnist, Path.GetFileName(file)));
        }

        return folder;
    }

    /// <summary>A clone whose training set has only the first test digits.</summary>
    public static ReadmeFolder WithFewDigits(int count)
    {
        var folder = new ReadmeFolder();
        DigitSet digits = IdxReader.Read(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
            Repository.MnistFile("t10k-labels-idx1-ubyte.gz"));
        IEnumerable<int> rows = Enumerable.Range(0, count);
        File.WriteAllBytes(Path.Combine(folder.Mnist, "train-images-idx3-ubyte.gz"),
            IdxBytes.Gzip(IdxBytes.Images(count, 28, 28, [.. rows.SelectMany(i => digits.Pixels(i).ToArray())])));
        File.WriteAllBytes(Path.Combine(folder.Mnist, "train-labels-idx1-ubyte.gz"),
            IdxBytes.Gzip(IdxBytes.Labels([.. rows.Select(i => (byte)digits.Label(i))])));
        return folder;
    }

    public void Dispose() => _folder.Dispose();
}
