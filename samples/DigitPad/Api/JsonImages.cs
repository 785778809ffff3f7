using System.Globalization;
using System.Text.Json;
using DigitPad.Images;
using MnistMlNet.Mnist;

namespace DigitPad.Api;

/// <summary>
/// Reads images from JSON. The parser is written by hand, so that an error names its exact field (<c>images[2].pixels[17]</c>) and only the
/// pixels are kept in memory.
/// </summary>
internal static class JsonImages
{
    public const int MaxBatch = 256;

    /// <summary>
    /// The limit on the pixels of all PNGs of a request together: four of the largest images, or 256 of 128 × 128. Pixels cost time, even
    /// where they are compressed to few bytes.
    /// </summary>
    public const long MaxPixels = 4L * PngLimits.MaxSide * PngLimits.MaxSide;

    private const string WantedPixel = "a number from 0 to 255";

    /// <summary>Reads <c>{"pixels": […]}</c> or <c>{"png": "…", "ink": "dark", "noise": 0}</c>.</summary>
    /// <returns>784 pixels in MNIST's form.</returns>
    /// <exception cref="FieldException">A field has a value that can't be used.</exception>
    public static float[] ReadOne(ReadOnlySpan<byte> json, PixelBudget budget) =>
        Read(json, (ref Utf8JsonReader reader) => Image(ref reader, "", budget));

    /// <summary>Reads <c>{"images": [{…}, …]}</c>.</summary>
    /// <returns>784 pixels for each image.</returns>
    /// <exception cref="FieldException">A field has a value that can't be used.</exception>
    public static List<float[]> ReadMany(ReadOnlySpan<byte> json, PixelBudget budget) =>
        Read(json, (ref Utf8JsonReader reader) => Images(ref reader, budget));

    private delegate T Reading<T>(ref Utf8JsonReader reader);

    private static T Read<T>(ReadOnlySpan<byte> json, Reading<T> read)
    {
        Utf8JsonReader reader = new(json);
        try
        {
            reader.Read();
            T result = read(ref reader);
            reader.Read();                                                         // throws if anything follows
            return result;
        }
        catch (JsonException e)
        {
            throw new FieldException("body", $"no JSON from line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} on", "JSON");
        }
        catch (InvalidOperationException)
        {
            // The reader throws this where a string has no valid text: one half of a surrogate pair, or bytes that aren't UTF-8.
            throw new FieldException("body", $"JSON with text that isn't Unicode, before byte {reader.BytesConsumed + 1}", "JSON in UTF-8");
        }
    }

    private static List<float[]> Images(ref Utf8JsonReader reader, PixelBudget budget)
    {
        List<float[]>? images = null;
        Expect(ref reader, JsonTokenType.StartObject, "body", "an object with images");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (images is not null || !reader.ValueTextEquals("images"))
            {
                throw new FieldException("body", $"an object with {Digits.Quoted(reader.GetString()!)}",
                    "an object with images, once, and nothing else");
            }

            images = [];
            reader.Read();
            Expect(ref reader, JsonTokenType.StartArray, "images", $"an array of 1 to {MaxBatch} images");
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (images.Count == MaxBatch)
                {
                    throw new FieldException("images", $"an array of more than {MaxBatch}", $"an array of 1 to {MaxBatch} images");
                }

                images.Add(Image(ref reader, string.Create(CultureInfo.InvariantCulture, $"images[{images.Count}]."), budget));
            }
        }

        return images is { Count: > 0 }
            ? images
            : throw new FieldException("images", images is null ? "missing" : "an empty array", $"an array of 1 to {MaxBatch} images");
    }

    private static float[] Image(ref Utf8JsonReader reader, string prefix, PixelBudget budget)
    {
        float[]? pixels = null;
        byte[]? png = null;
        string? ink = null;
        float? noise = null;
        Expect(ref reader, JsonTokenType.StartObject, prefix.Length == 0 ? "body" : prefix[..^1], "an object with pixels or png");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (pixels is null && reader.ValueTextEquals("pixels"))
            {
                pixels = Pixels(ref reader, prefix + "pixels");
            }
            else if (png is null && reader.ValueTextEquals("png"))
            {
                png = Base64(ref reader, prefix + "png");
            }
            else if (ink is null && reader.ValueTextEquals("ink"))
            {
                reader.Read();
                Expect(ref reader, JsonTokenType.String, prefix + "ink", Digits.WantedInk);
                ink = reader.GetString();
            }
            else if (noise is null && reader.ValueTextEquals("noise"))
            {
                reader.Read();
                noise = Number(ref reader, prefix + "noise", Digits.WantedNoise);
            }
            else
            {
                string name = reader.GetString()!;
                throw new FieldException(prefix + Digits.Short(name), "unknown here, or given twice",
                    "pixels, or png with ink and noise, each once,");
            }
        }

        return (pixels, png) switch
        {
            (null, null) =>
                throw new FieldException(prefix + "pixels", "missing", $"an array of {MnistImage.PixelCount} numbers, or else png,"),
            (not null, not null) => throw new FieldException(prefix + "png", "given together with pixels", "one of the two"),
            (not null, null) when ink is not null =>
                throw new FieldException(prefix + "ink", "given together with pixels", "ink with png only"),
            (not null, null) when noise is not null =>
                throw new FieldException(prefix + "noise", "given together with pixels", "noise with png only"),
            (not null, null) => pixels,
            _ => Digits.FromPng(png!, ink, noise ?? 0, prefix, "png", budget),
        };
    }

    private static float[] Pixels(ref Utf8JsonReader reader, string field)
    {
        float[] pixels = new float[MnistImage.PixelCount];
        int count = 0;
        reader.Read();
        Expect(ref reader, JsonTokenType.StartArray, field, $"an array of {MnistImage.PixelCount} numbers");
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count < pixels.Length)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetSingle(out float value)
                    || !(value is >= 0 and <= MnistImage.MaxPixel))
                {
                    throw new FieldException($"{field}[{count}]", Found(ref reader), WantedPixel);
                }

                pixels[count] = value;
            }

            reader.Skip();
            count++;
        }

        return count == pixels.Length ? pixels
            : throw new FieldException(field, $"an array of {count}", $"an array of {MnistImage.PixelCount} numbers");
    }

    private static float Number(ref Utf8JsonReader reader, string field, string wanted) =>
        reader.TokenType == JsonTokenType.Number
            && reader.TryGetSingle(out float value) ? value : throw new FieldException(field, Found(ref reader), wanted);

    private static byte[] Base64(ref Utf8JsonReader reader, string field)
    {
        reader.Read();
        Expect(ref reader, JsonTokenType.String, field, "a PNG in base64");
        return reader.TryGetBytesFromBase64(out byte[]? bytes) ? bytes
            : throw new FieldException(field, "text that isn't base64", "a PNG in base64");
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType wantedType, string field, string wanted)
    {
        if (reader.TokenType != wantedType)
        {
            throw new FieldException(field, Found(ref reader), wanted);
        }
    }

    private static string Found(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => Digits.Quoted(reader.GetString()!),
        JsonTokenType.Number => Digits.Quoted(System.Text.Encoding.UTF8.GetString(reader.ValueSpan)).Trim('\''),
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.StartObject => "an object",
        _ => "something else",
    };
}
