using System.Security.Cryptography;
using Microsoft.ML;
using MnistMlNet.Tests.Trust.Fuzzing;

namespace MnistMlNet.Tests.Coverage;

/// <summary>Opens one payload; an exception that isn't a named one is not caught, and AFL++ keeps the input.</summary>
internal static class PayloadReading
{
    private static readonly PayloadTarget s_target = MakeTarget();

    public static void Open(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        byte[] bytes = content.ToArray();
        if (bytes.Length > SHA256.HashSizeInBytes)
        {
            // A mutation would never produce the right checksum by chance, and nothing after the checksum would be tested.
            SHA256.HashData(bytes.AsSpan(..^SHA256.HashSizeInBytes), bytes.AsSpan(^SHA256.HashSizeInBytes));
        }

        try
        {
            s_target.Inspect(s_target.Open(new FuzzCase(bytes)));
        }
        catch (Exception e) when (s_target.IsRefusal(e))
        {
        }
    }

    private static PayloadTarget MakeTarget()
    {
        var mlContext = new MLContext(seed: 1);
        return new PayloadTarget(mlContext, new FuzzModels(mlContext));
    }
}
