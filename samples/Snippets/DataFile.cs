using Samples;

namespace Snippets;

/// <summary>Finds the tables of samples/data; each folder there has a README with the source and the license.</summary>
internal static class DataFile
{
    public static string Find(string folder, string file) =>
        Path.Combine(SampleFolder.Find("another path in the snippet"), "data", folder, file);
}
