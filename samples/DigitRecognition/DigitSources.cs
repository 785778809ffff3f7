using Microsoft.ML;
using Microsoft.ML.Data;

namespace DigitRecognition;

/// <summary>Finds, checks and reads the files that the command line names.</summary>
internal sealed class DigitSources(MLContext mlContext, CancellationToken cancellationToken)
{
    private const double HeldOut = 0.1;

    // Below it, the bar would have no columns beside the whole text.
    private const int WideProgress = 80;

    private readonly List<DigitFile> _files = [];

    public DigitSource Open(TrainSettings settings)
    {
        if (settings.IdxFolder is not null)
        {
            return OpenIdx(settings.IdxFolder);
        }

        if (settings.TrainPath is not null && settings.TestPath is null)
        {
            IDataView all = OpenCsv(settings.TrainPath, "Training and test", forTraining: true);
            DataOperationsCatalog.TrainTestData split = mlContext.Data.TrainTestSplit(all, HeldOut, seed: settings.Seed);
            return split.TestSet.GetColumn<string>("Label").Any()
                ? new DigitSource(
                    split.TrainSet, split.TestSet, _files, ["nine tenths of " + Shown(settings.TrainPath), "tested on the rest"])
                : throw new InvalidDataException($"'{settings.TrainPath}': there are too few rows to keep a tenth of them for the test; "
                    + $"give --test.");
        }

        string train = settings.TrainPath ?? MnistFiles.Find(settings).TrainCsv(mlContext, cancellationToken);
        string test = settings.TestPath ?? MnistFiles.Find(settings).TestCsv(mlContext, cancellationToken);
        return new DigitSource(
            OpenCsv(train, "Training", forTraining: true),
            OpenCsv(test, "Test", forTraining: false),
            _files,
            [Shown(train), $"tested on {Shown(test)}"]);
    }

    private IDataView OpenCsv(string path, string use, bool forTraining)
    {
        CheckedCsv csv = new(path, CsvLayout.Detect(path), forTraining, cancellationToken);
        string step = Screen.Width >= WideProgress ? $"Reading and checking {Shown(path)}" : Shown(path);
        if (Screen.IsPlain)
        {
            Screen.Line(Spectre.Console.Markup.Escape(step));
        }

        // Parsing takes longer than an epoch, and the pipeline reads the rows several times, so they are kept in memory.
        IDataView? rows = null;
        Screen.Bar(step, new FileInfo(path).Length, report => rows = csv.Load(mlContext, report));
        Screen.Parts(
            $"{Spectre.Console.Markup.Escape(Shown(path))}: {csv.RowCount:N0} rows", $"a label and {DigitImage.PixelCount} pixels each");
        _files.Add(new DigitFile(path, use, csv.RowCount));
        return rows!;
    }

    private DigitSource OpenIdx(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new InvalidDataException(File.Exists(folder)
                ? $"--idx is '{folder}', a file; it must be a folder with the four IDX files.\nTo train on a CSV file, write --train "
                    + Invocation.Quote(folder)
                : $"--idx is '{folder}', which does not exist; it must be a folder with the four IDX files.\n"
                    + "Check the path; a relative one is relative to the current folder.");
        }

        IDataView train = LoadIdx(folder, "train", "Training");
        IDataView test = LoadIdx(folder, "t10k", "Test");
        if (!train.Schema["Features"].Type.Equals(test.Schema["Features"].Type))
        {
            throw new InvalidDataException($"'{folder}': the images to train on are {train.Schema["Features"].Type}, those to test with "
                + $"{test.Schema["Features"].Type}; they must have the same size.");
        }

        if (train.GetColumn<string>("Label").Distinct().Take(2).Count() < 2)
        {
            throw new InvalidDataException($"'{folder}': every training label is the same; training needs at least two different ones.");
        }

        return test.GetRowCount() > 0
            ? new DigitSource(train, test, _files, [$"the IDX files in {Shown(Path.GetFullPath(folder))}"])
            : throw new InvalidDataException($"'{folder}': the test files hold no image; at least one is expected.");
    }

    private IDataView LoadIdx(string folder, string prefix, string use)
    {
        string images = IdxFile(folder, $"{prefix}-images", "idx3-ubyte");
        string labels = IdxFile(folder, $"{prefix}-labels", "idx1-ubyte");
        IDataView digits = Screen.Busy($"Reading {Shown(images)}", _ => mlContext.Data.LoadFromIdx(images, labels));
        long rows = digits.GetRowCount() ?? 0;
        Screen.Line($"{Spectre.Console.Markup.Escape(Shown(images))}: {rows:N0} images");
        _files.Add(new DigitFile(images, $"{use}, images", rows));
        _files.Add(new DigitFile(labels, $"{use}, labels", rows));
        return digits;
    }

    // The files are published with a dash or a dot before the suffix, compressed or not.
    private static string IdxFile(string folder, string name, string kind)
    {
        string[] candidates = [$"{name}-{kind}.gz", $"{name}-{kind}", $"{name}.{kind}.gz", $"{name}.{kind}"];
        return candidates.Select(candidate => Path.Combine(folder, candidate)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"'{folder}' has none of {string.Join(", ", candidates)}.",
                Path.Combine(folder, candidates[0]));
    }

    // A progress message has one line of 80 columns; errors give the full path.
    private static string Shown(string path) => Path.GetFileName(path);
}
