using System.IO.Compression;
using Microsoft.ML;

namespace MnistMlNet.Tests.Serialization.Model;

/// <summary>Takes apart a zip that <c>mlContext.Model.Save</c> wrote, and puts it together again.</summary>
internal static class SavedZip
{
    private static ReadOnlySpan<byte> Magic => "TLNN\r\n\u001A\n"u8;

    public static byte[] Save(MLContext mlContext, ITransformer transformer, DataViewSchema schema)
    {
        using var stream = new MemoryStream();
        mlContext.Model.Save(transformer, schema, stream);
        return stream.ToArray();
    }

    public static ITransformer Load(MLContext mlContext, byte[] zip)
    {
        using var stream = new MemoryStream(zip);
        return mlContext.Model.Load(stream, out _);
    }

    /// <summary>The payload: from its magic number to the end of its entry, where ML.NET adds 8 bytes of its own.</summary>
    public static byte[] Payload(byte[] zip) =>
        Rewrite(zip, entry => entry).Entry is var entry ? entry[entry.AsSpan().IndexOf(Magic)..] : [];

    /// <summary>
    /// The zip with a changed payload entry; <paramref name="change"/> gets the position at which the payload begins in the entry.
    /// </summary>
    public static byte[] Damage(byte[] zip, Func<byte[], int, byte[]> change) =>
        Rewrite(zip, entry => change(entry, entry.AsSpan().IndexOf(Magic))).Zip;

    private static (byte[] Zip, byte[] Entry) Rewrite(byte[] zip, Func<byte[], byte[]> change)
    {
        byte[] found = [];
        using var output = new MemoryStream();
        using (var source = new ZipArchive(new MemoryStream(zip)))
        using (var target = new ZipArchive(output, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in source.Entries)
            {
                using var content = new MemoryStream();
                using (Stream from = entry.Open())
                {
                    from.CopyTo(content);
                }

                byte[] bytes = content.ToArray();
                if (bytes.AsSpan().IndexOf(Magic) >= 0)
                {
                    bytes = found = change(bytes);
                }

                using Stream to = target.CreateEntry(entry.FullName).Open();
                to.Write(bytes);
            }
        }

        Assert.NotEmpty(found);
        return (output.ToArray(), found);
    }
}
