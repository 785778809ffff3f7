using System.IO.Compression;
using System.Security.Cryptography;
using Microsoft.ML;
using MnistMlNet.Primitives;
using Samples;

namespace DigitRecognition;

/// <summary>The MNIST files of this repository, and the CSV files that are made from them once.</summary>
internal sealed class MnistFiles
{
    private static readonly Source s_train = new(
        "mnist_train.csv", 109_580_200,
        "train-images-idx3-ubyte.gz", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "train-labels-idx1-ubyte.gz", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5");

    private static readonly Source s_test = new(
        "mnist_test.csv", 18_293_649,
        "t10k-images-idx3-ubyte.gz", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "t10k-labels-idx1-ubyte.gz", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2");

    private readonly string _folder;
    private readonly string _cache;

    private readonly TrainSettings _settings;

    /// <param name="samplesFolder">The folder with <c>data/mnist</c> and this sample.</param>
    /// <param name="settings">The options of the training, for the remedy in errors.</param>
    public MnistFiles(string samplesFolder, TrainSettings settings)
    {
        _settings = settings;
        _folder = Path.Combine(samplesFolder, "data", "mnist");
        _cache = Path.Combine(samplesFolder, "DigitRecognition", "cache");
    }

    /// <summary>Finds the files, whatever the current folder is.</summary>
    /// <exception cref="DirectoryNotFoundException">The program isn't run inside the repository.</exception>
    public static MnistFiles Find(TrainSettings settings) => new(SampleFolder.Find("--train and --test, or --idx"), settings);

    /// <summary>The training digits as CSV; made on first use.</summary>
    public string TrainCsv(MLContext mlContext, CancellationToken cancellationToken) => Csv(mlContext, s_train, cancellationToken);

    /// <summary>The test digits as CSV; made on first use.</summary>
    public string TestCsv(MLContext mlContext, CancellationToken cancellationToken) => Csv(mlContext, s_test, cancellationToken);

    private string Csv(MLContext mlContext, Source source, CancellationToken cancellationToken)
    {
        string path = Path.Combine(_cache, source.Csv);

        // The file is written under another name and renamed when complete; an existing file of another length is not ours and is made
        // again.
        if (new FileInfo(path) is { Exists: true } file && file.Length == source.CsvLength)
        {
            return path;
        }

        // Found out before MNIST's files are read, which takes seconds.
        InCache(() =>
        {
            Directory.CreateDirectory(_cache);
            AtomicFile.CheckWritable(path, source.Csv);
        });
        IDataView digits = mlContext.Data.LoadFromIdx(
            Verified(source.Images, source.ImagesHash), Verified(source.Labels, source.LabelsHash));
        Screen.Verbatim($"Writing {source.Csv} once, to {Invocation.Shorter(_cache)}");
        InCache(() => Screen.Bar(
            source.Csv,
            digits.GetRowCount() ?? 0,
            report => AtomicFile.Write(path, stream => DigitCsvWriter.Write(digits, stream, report, cancellationToken))));
        return path;
    }

    private void InCache(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException(
                $"The CSV files made of MNIST's can't be kept in '{_cache}': {e.Message}\n"
                    + (_settings is { TrainPath: null, TestPath: null }
                        ? $"Train without them: {NextSteps.Again(_settings with { IdxFolder = Invocation.Shorter(_folder) })}"
                        : "Make the folder writable, or give both --train and --test."), e);
        }
    }

    private string Verified(string name, string expected)
    {
        string path = Path.Combine(_folder, name);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"The MNIST file '{path}' does not exist.\n"
                    + $"It is a part of this repository: git checkout -- {Invocation.Quote(path)}", path);
        }

        using FileStream file = File.OpenRead(path);
        using GZipStream content = new(file, CompressionMode.Decompress);
        string actual;
        try
        {
            actual = Convert.ToHexStringLower(SHA256.HashData(content));
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"'{path}' is not a whole gzip file: {e.Message}", e);
        }

        return actual == expected
            ? path
            : throw new InvalidDataException($"'{path}': the SHA-256 of its uncompressed content is {actual}; MNIST's is {expected}.");
    }

    /// <summary>Two published files, the SHA-256 of their uncompressed content, and the CSV file that is made from them.</summary>
    private sealed record Source(string Csv, long CsvLength, string Images, string ImagesHash, string Labels, string LabelsHash);
}
