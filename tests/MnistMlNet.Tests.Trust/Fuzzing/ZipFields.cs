namespace MnistMlNet.Tests.Trust.Fuzzing;

/// <summary>
/// The positions of the fields in a zip's records (PKWARE APPNOTE 4.3). .NET reads each record with one call, so they can't be recorded.
/// </summary>
internal static class ZipFields
{
    private static readonly (byte[] Signature, int[] Lengths)[] s_records =
    [
        ("PK\u0003\u0004"u8.ToArray(), [4, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2]),
        ("PK\u0001\u0002"u8.ToArray(), [4, 2, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4]),
        ("PK\u0005\u0006"u8.ToArray(), [4, 2, 2, 2, 2, 4, 4, 2]),
    ];

    public static Field[] Of(byte[] zip)
    {
        var fields = new List<Field>();
        foreach ((byte[] signature, int[] lengths) in s_records)
        {
            for (int start = zip.AsSpan().IndexOf(signature); start >= 0;)
            {
                int at = start;
                foreach (int length in lengths)
                {
                    fields.Add(new Field(at, length));
                    at += length;
                }

                int next = zip.AsSpan(start + 1).IndexOf(signature);
                start = next < 0 ? -1 : start + 1 + next;
            }
        }

        return [.. fields];
    }
}
