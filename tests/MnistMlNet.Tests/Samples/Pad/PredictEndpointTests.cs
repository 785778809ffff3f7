using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using MnistMlNet.Mnist;
using MnistMlNet.Tests.Trust.Fuzzing;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>The predictions, requested over HTTP from a real server.</summary>
public sealed class PredictEndpointTests(TrainedPad trained) : IClassFixture<TrainedPad>
{
    private static readonly DigitSet s_digits = IdxReader.Read(Repository.MnistFile("t10k-images-idx3-ubyte.gz"),
        Repository.MnistFile("t10k-labels-idx1-ubyte.gz"));

    [Fact]
    public async Task Pixels_are_answered_with_the_networks_own_probabilities()
    {
        using JsonDocument answer = await Answer(await Post("/predict", Pixels(3)));

        float[] expected = trained.Pad.Model!.Predict(Floats(3));
        Assert.Equal(expected, Probabilities(answer.RootElement));
        Assert.Equal(expected.Index().MaxBy(p => p.Item).Index, answer.RootElement.GetProperty("digit").GetInt32());
        Assert.Equal(1, expected.Sum(), 1e-5);
        Assert.False(answer.RootElement.TryGetProperty("pixels", out _));
    }

    // MnistImageTests shows that Normalize returns these digits unchanged, so the predictions must be the same in whatever form the digit
    // is sent.
    [Fact]
    public async Task A_digit_as_PNG_or_in_base64_on_white_or_on_black_is_answered_as_its_pixels_are()
    {
        using JsonDocument expected = await Answer(await Post("/predict", Pixels(5)));
        byte[] white = PngBytes.Grey(28, 28, [.. s_digits.Pixels(5).ToArray().Select(p => (byte)(255 - p))]),
            black = PngBytes.Grey(28, 28, s_digits.Pixels(5).ToArray());
        HttpResponseMessage[] responses =
        [
            await PostPng("/predict", white),
            await PostPng("/predict?ink=dark&noise=0", white),
            await PostPng("/predict?ink=light", black),
            await Post("/predict", $$"""{"png":"{{Convert.ToBase64String(white)}}"}"""),
            await Post("/predict", $$"""{"noise":0.0,"ink":"light","png":"{{Convert.ToBase64String(black)}}"}"""),
        ];
        foreach (HttpResponseMessage response in responses)
        {
            using JsonDocument answer = await Answer(response);
            Assert.Equal(Probabilities(expected.RootElement), Probabilities(answer.RootElement));
        }
    }

    [Fact]
    public async Task The_noise_option_removes_the_background_of_a_scan()
    {
        // Paper of 245 instead of 255; without the noise option all of it would be ink.
        byte[] scan = PngBytes.Grey(28, 28, [.. s_digits.Pixels(5).ToArray().Select(p => (byte)Math.Min(245, 255 - p))]);

        using JsonDocument answer = await Answer(await PostPng("/predict?explain=true&noise=10", scan));

        int[] seen = [.. answer.RootElement.GetProperty("pixels").EnumerateArray().Select(p => p.GetInt32())];
        Assert.Equal(0, seen[0]);
        Assert.Contains(seen, p => p > 200);
    }

    [Fact]
    public async Task Explain_adds_what_the_network_saw_and_what_its_hidden_units_gave()
    {
        using JsonDocument answer = await Answer(await Post("/predict?explain=true", Pixels(7)));

        Assert.Equal(s_digits.Pixels(7).ToArray().Select(p => (int)p),
            answer.RootElement.GetProperty("pixels").EnumerateArray().Select(p => p.GetInt32()));
        Assert.Equal(trained.Pad.Model!.HiddenActivations(Floats(7)),
            answer.RootElement.GetProperty("hidden").EnumerateArray().Select(h => h.GetSingle()));
    }

    // Each image is within the limit of one image; the fifth exceeds 4 × 1024 × 1024 pixels together.
    [Fact]
    public async Task PredictBatch_MorePixelsThanARequestMayHave_RefusesNamingTheImage()
    {
        byte[] pixels = new byte[1024 * 1024];
        string image = $$"""{"png":"{{Convert.ToBase64String(PngBytes.Grey(1024, 1024, pixels))}}"}""";

        using HttpResponseMessage response = await Post("/predict/batch", Batch(image, 5));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("images[4].png", problem.RootElement.GetProperty("field").GetString());
        Assert.Contains("more than the 0 that are left", problem.RootElement.GetProperty("found").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_is_answered_in_its_order_as_each_image_alone()
    {
        byte[] png = PngBytes.Grey(28, 28, s_digits.Pixels(2).ToArray());
        string[] images = [Pixels(0), Pixels(1), $$"""{"png":"{{Convert.ToBase64String(png)}}","ink":"light"}""", Pixels(3)];

        using JsonDocument answer = await Answer(await Post("/predict/batch", $$"""{"images":[{{string.Join(',', images)}}]}"""));

        JsonElement[] predictions = [.. answer.RootElement.GetProperty("predictions").EnumerateArray()];
        Assert.Equal(4, predictions.Length);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(trained.Pad.Model!.Predict(Floats(i)), Probabilities(predictions[i]));
        }
    }

    [Fact]
    public async Task Many_callers_at_once_get_each_their_own_answer()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            using JsonDocument answer = await Answer(await Post("/predict", Pixels(i)));
            Assert.Equal(trained.Pad.Model!.Predict(Floats(i)), Probabilities(answer.RootElement));
        });
    }

    [Theory]
    [InlineData("", "body", "no JSON from line 1, byte 1 on", "JSON")]
    [InlineData("{\"pixels\":[1,}", "body", "no JSON from line 1, byte 14 on", "JSON")]
    [InlineData("{\"png\":\"\"} x", "png", "an image that is empty",
        "a whole PNG of up to 1024 × 1024 pixels")]
    [InlineData("[1,2]", "body", "an array", "an object with pixels or png")]
    [InlineData("{}", "pixels", "missing", "an array of 784 numbers, or else png,")]
    [InlineData("{\"pixels\":7}", "pixels", "7", "an array of 784 numbers")]
    [InlineData("{\"pixels\":[1,2,3]}", "pixels", "an array of 3", "an array of 784 numbers")]
    [InlineData("{\"pixels\":[1,2,\"x\"]}", "pixels[2]", "'x'", "a number from 0 to 255")]
    [InlineData("{\"pixels\":[1,255.5]}", "pixels[1]", "255.5", "a number from 0 to 255")]
    [InlineData("{\"pixels\":[-1]}", "pixels[0]", "-1", "a number from 0 to 255")]
    [InlineData("{\"pixels\":[1e99]}", "pixels[0]", "1e99", "a number from 0 to 255")]
    [InlineData("{\"pixels\":[null]}", "pixels[0]", "null", "a number from 0 to 255")]
    [InlineData("{\"pixels\":[[0]]}", "pixels[0]", "an array", "a number from 0 to 255")]
    [InlineData("{\"pixel\":[]}", "pixel", "unknown here, or given twice", "pixels, or png with ink and noise, each once,")]
    [InlineData("{\"png\":\"*\"}", "png", "text that isn't base64", "a PNG in base64")]
    [InlineData("{\"png\":7}", "png", "7", "a PNG in base64")]
    [InlineData("{\"png\":\"\",\"ink\":\"blue\"}", "ink", "'blue'", "dark or light")]
    [InlineData("{\"png\":\"\",\"noise\":255}", "noise", "255", "a number from 0 to below 255")]
    [InlineData("{\"png\":\"\",\"noise\":\"much\"}", "noise", "'much'", "a number from 0 to below 255")]
    public async Task An_invalid_request_is_refused_with_its_field_the_value_found_and_the_value_expected(string body, string field,
        string found, string wanted) =>
        await AssertRefused(await Post("/predict", body), HttpStatusCode.BadRequest, field, found, wanted);

    // Answers stay short, whatever a request contains.
    [Theory]
    [InlineData("{\"NAME\":1}", "AAAAAAAAAA")]
    [InlineData("{\"pixels\":[NUMBER]}", "pixels[0]")]
    [InlineData("{\"pixels\":[1e999999999]}", "pixels[0]")]
    [InlineData("{\"pixels\":DEEP}", "pixels[0]")]
    [InlineData("DEEP", "body")]
    [InlineData("{\"png\":\"\",\"ink\":\"\\ud800\"}", "body")]
    [InlineData("{\"\\ud800\":1}", "body")]
    public async Task Predict_JsonThatIsDeepHugeOrNoUnicode_IsRefusedShortly(string body, string field)
    {
        body = body.Replace("NAME", new string('A', 1_000_000), StringComparison.Ordinal)
            .Replace("NUMBER", new string('9', 100_000), StringComparison.Ordinal)
            .Replace("DEEP", new string('[', 100_000), StringComparison.Ordinal);

        using HttpResponseMessage response = await Post("/predict", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        string text = await response.Content.ReadAsStringAsync();
        Assert.InRange(text.Length, 1, 1000);
        using JsonDocument problem = JsonDocument.Parse(text);
        Assert.StartsWith(field, problem.RootElement.GetProperty("field").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pixels_can_not_be_combined_with_other_fields()
    {
        await AssertRefused(await Post("/predict", Pixels(0)[..^1] + ",\"ink\":\"dark\"}"), HttpStatusCode.BadRequest, "ink",
            "given together with pixels", "ink with png only");
        await AssertRefused(await Post("/predict", Pixels(0)[..^1] + ",\"noise\":1}"), HttpStatusCode.BadRequest, "noise",
            "given together with pixels", "noise with png only");
        await AssertRefused(await Post("/predict", Pixels(0)[..^1] + ",\"png\":\"\"}"), HttpStatusCode.BadRequest, "png",
            "given together with pixels", "one of the two");
        string onePixels = Pixels(0);
        await AssertRefused(await Post("/predict", onePixels + " x"), HttpStatusCode.BadRequest, "body",
            $"no JSON from line 1, byte {onePixels.Length + 2} on", "JSON");
    }

    [Theory]
    [InlineData("{}", "images", "missing")]
    [InlineData("{\"images\":[]}", "images", "an empty array")]
    [InlineData("{\"images\":{}}", "images", "an object")]
    [InlineData("{\"images\":[7]}", "images[0]", "7")]
    [InlineData("{\"images\":[{\"pixels\":[true]}]}", "images[0].pixels[0]", "true")]
    [InlineData("{\"pictures\":[]}", "body", "an object with 'pictures'")]
    public async Task A_batch_that_can_not_be_used_is_refused_with_the_position_of_the_error(string body, string field, string found) =>
        await AssertRefused(await Post("/predict/batch", body), HttpStatusCode.BadRequest, field, found, wanted: null);

    [Fact]
    public async Task A_batch_of_257_is_refused_and_one_of_256_is_answered()
    {
        string image = Pixels(1);
        await AssertRefused(
            await Post("/predict/batch", $$"""{"images":[{{string.Join(',', Enumerable.Repeat(image, 257))}}]}"""),
            HttpStatusCode.BadRequest, "images", "an array of more than 256", "an array of 1 to 256 images");
        using JsonDocument answer = await Answer(await Post("/predict/batch", Batch(image, 256)));
        Assert.Equal(256, answer.RootElement.GetProperty("predictions").GetArrayLength());
    }

    [Fact]
    public async Task A_PNG_without_ink_or_with_an_invalid_query_is_refused()
    {
        byte[] blank = PngBytes.Grey(9, 9, [.. Enumerable.Repeat((byte)255, 81)]);
        await AssertRefused(await PostPng("/predict", blank), HttpStatusCode.BadRequest, "body", "an image without ink",
            "at least one pixel darker than white");
        await AssertRefused(await PostPng("/predict?ink=red", blank), HttpStatusCode.BadRequest, "ink", "'red'", "dark or light");
        await AssertRefused(await PostPng("/predict?noise=NaN", blank), HttpStatusCode.BadRequest, "noise", "NaN",
            "a number from 0 to below 255");
        await AssertRefused(await PostPng("/predict?explain=maybe", blank), HttpStatusCode.BadRequest, "explain", "'maybe'",
            "true or false");
    }

    [Fact]
    public async Task A_body_of_more_than_four_megabytes_is_refused()
    {
        // The client waits for permission before it sends; otherwise the server's refusal might arrive while the client still sends, and
        // end the connection.
        using HttpRequestMessage request = new(HttpMethod.Post, "/predict")
        {
            Content = new ByteArrayContent(new byte[(1 << 22) + 1]),
            Headers = { ExpectContinue = true }
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        await AssertRefused(await trained.Client.SendAsync(request), HttpStatusCode.RequestEntityTooLarge, "body", "4194305 bytes",
            "at most 4194304 bytes");
    }

    [Theory]
    [InlineData("/predict", "text/plain", "application/json or image/png")]
    [InlineData("/predict/batch", "image/png", "application/json")]
    public async Task Another_type_of_content_is_refused(string path, string type, string wanted)
    {
        using ByteArrayContent content = new([1]);
        content.Headers.ContentType = new MediaTypeHeaderValue(type);
        await AssertRefused(await trained.Client.PostAsync(path, content), HttpStatusCode.UnsupportedMediaType, "Content-Type", type,
            wanted);
    }

    [Theory]
    [InlineData("GET", "/predict", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/nowhere", HttpStatusCode.NotFound)]
    public async Task Other_errors_are_reported_as_problems_too(string method, string path, HttpStatusCode status)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        using HttpResponseMessage response = await trained.Client.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private static async Task AssertRefused(HttpResponseMessage response, HttpStatusCode status, string field, string found, string? wanted)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"{response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(text);
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.Equal(field, problem.RootElement.GetProperty("field").GetString());
        Assert.Equal(found, problem.RootElement.GetProperty("found").GetString());
        Assert.Equal(wanted ?? problem.RootElement.GetProperty("wanted").GetString(),
            problem.RootElement.GetProperty("wanted").GetString());
        Assert.NotEmpty(problem.RootElement.GetProperty("title").GetString()!);
        Assert.Contains(found, problem.RootElement.GetProperty("detail").GetString()!, StringComparison.Ordinal);
    }

    private static async Task<JsonDocument> Answer(HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text);
    }

    private Task<HttpResponseMessage> Post(string path, string json) =>
        trained.Client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    private Task<HttpResponseMessage> PostPng(string path, byte[] png)
    {
        ByteArrayContent content = new(png);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return trained.Client.PostAsync(path, content);
    }

    private static float[] Probabilities(JsonElement answer) =>
        [.. answer.GetProperty("probabilities").EnumerateArray().Select(p => p.GetSingle())];

    private static string Batch(string image, int count) => $$"""{"images":[{{string.Join(',', Enumerable.Repeat(image, count))}}]}""";

    private static float[] Floats(int digit) => [.. s_digits.Pixels(digit).ToArray().Select(p => (float)p)];

    private static string Pixels(int digit) =>
        $$"""{"pixels":[{{string.Join(',', s_digits.Pixels(digit).ToArray().Select(p => p.ToString(CultureInfo.InvariantCulture)))}}]}""";
}
