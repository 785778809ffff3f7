using System.IO.Compression;
using System.Security.Cryptography;

namespace DigitRecognition;

/// <summary>Identifies a data file by its content, whatever its name.</summary>
internal static class Provenance
{
    private const string Mnist =
        "MNIST, © Yann LeCun and Corinna Cortes, a derivative work of original NIST datasets; Creative Commons Attribution-ShareAlike 3.0 "
            + "(CC BY-SA 3.0).";

    private const string Unknown = "Not known to this program: these aren't the bytes of MNIST's own files, nor of the CSV files made of "
        + "them here.";

    private static readonly Dictionary<string, string> s_known = new()
    {
        ["ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"] = $"{Mnist} The training images as published.",
        ["65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"] = $"{Mnist} The training labels as published.",
        ["0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"] = $"{Mnist} The test images as published.",
        ["ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"] = $"{Mnist} The test labels as published.",
        ["5e989896f2c90426db57835b61e7ef89283b3381ad56d66c1325392af21a1975"] =
            $"{Mnist} Written as CSV by this program from the published training images and labels.",
        ["1a7cc974f62b1334c4669706ebf2a2707dad8dd23bf9ca9f2624c13249cafc6f"] =
            $"{Mnist} Written as CSV by this program from the published test images and labels.",
    };

    /// <summary>Reads the whole file once for its SHA-256.</summary>
    public static DataFileFact Of(DigitFile file)
    {
        using FileStream raw = File.OpenRead(file.Path);
        using Stream content = file.Path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(raw, CompressionMode.Decompress) : raw;
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        return new DataFileFact(ShownName(file.Path), file.Use, $"{file.Rows:N0}", hash, s_known.GetValueOrDefault(hash, Unknown));
    }

    // A report is passed on to others; the folders above the current one are private.
    private static string ShownName(string path)
    {
        string relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), path);
        return relative.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(relative) ? Path.GetFileName(path) : relative;
    }
}
