using MnistMlNet.Primitives;

namespace DigitRecognition;

/// <summary>Recognizes files that are no CSV file by their first bytes, so that the error says what they are.</summary>
internal static class FileKind
{
    private const int StartLength = 1024;

    private const string FromImages = "Write the images as rows of a CSV file first: for each digit 28 x 28 grey values from 0 to 255, "
        + "separated by ','. The sample DigitPad reads single drawings.";

    private const string FromIdx = "Train on IDX files by --idx and their folder; 'predict' reads CSV files only.";

    private static readonly (byte[] Start, string Name, string Remedy)[] s_kinds =
    [
        ([0x89, .. "PNG\r\n"u8], "a PNG image", FromImages),
        ([0xFF, 0xD8, 0xFF], "a JPEG image", FromImages),
        ([.. "GIF8"u8], "a GIF image", FromImages),
        ([.. "II*\0"u8], "a TIFF image", FromImages),
        ([.. "MM\0*"u8], "a TIFF image", FromImages),
        ([0, 0, 8, 1], "an IDX file of labels", FromIdx),
        ([0, 0, 8, 3], "an IDX file of images", FromIdx),
        ([.. "PK\u0003\u0004"u8], "a zip archive or an Excel workbook",
            "Give the CSV file that is in the archive, or save the workbook as CSV. A model is given by --model."),
        ([.. "%PDF"u8], "a PDF document", "Give a CSV file."),
        ([.. "PAR1"u8], "a Parquet file", "Write it as CSV first."),
        ([0x93, .. "NUMPY"u8], "a NumPy array", "Write it as CSV first: numpy.savetxt(path, array, fmt='%d', delimiter=',')."),
        ([0xFF, 0xFE], "text in UTF-16", "Save it as UTF-8."),
        ([0xFE, 0xFF], "text in UTF-16", "Save it as UTF-8."),
    ];

    /// <summary>Throws if the file can't be a CSV file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is a folder, or a file of another kind; the message has a second line with the remedy.
    /// </exception>
    public static void CheckCsv(string path)
    {
        string shown = Shown.Long(path);
        if (Directory.Exists(path))
        {
            throw new InvalidDataException($"'{shown}' is a folder; a CSV file is expected.\n"
                + "Give a file in it. Only a folder of the four IDX files is given as a folder, to train on, by --idx.");
        }

        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"The CSV file '{shown}' does not exist.\n{NearestFile(path)}", path);
        }

        byte[] start = new byte[StartLength];
        using (FileStream file = FileStatus.OpenRead(path))
        {
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }

        (string Name, string Remedy)? found = s_kinds.Where(kind => start.AsSpan().StartsWith(kind.Start))
            .Select(kind => ((string, string)?)(kind.Name, kind.Remedy)).FirstOrDefault() ?? OfLonger(path, start);
        if (found is { } kind)
        {
            throw new InvalidDataException($"'{shown}' looks like {kind.Name}; a CSV file of digits is expected.\n{kind.Remedy}");
        }
    }

    private static (string Name, string Remedy)? OfLonger(string path, byte[] start)
    {
        if (start is [0x1F, 0x8B, ..])
        {
            return ("a file compressed by gzip", Path.GetFileName(path).Contains("idx", StringComparison.OrdinalIgnoreCase)
                ? FromIdx : $"Decompress it first: gunzip --keep {Invocation.Quote(path)}");
        }

        if (start.AsSpan().StartsWith("RIFF"u8) && start.AsSpan(Math.Min(8, start.Length)).StartsWith("WEBP"u8))
        {
            return ("a WebP image", FromImages);
        }

        // No text has this byte.
        if (!start.Contains((byte)0))
        {
            return null;
        }

        return start.AsSpan().StartsWith("BM"u8) ? ("a BMP image", FromImages) : ("a binary file", "Give a CSV file.");
    }

    private static string NearestFile(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "";
        if (!Directory.Exists(folder))
        {
            return $"There is no folder '{Shown.Long(folder)}'.";
        }

        string? similar = NearestName.Of(Path.GetFileName(path), Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)!));
        return similar is null ? "Check the path; a relative one is relative to the current folder."
            : $"Did you mean '{Path.Combine(Path.GetDirectoryName(path) ?? "", similar)}'?";
    }
}
