using System.CommandLine;
using System.Net;
using System.Text;
using System.Text.Json;
using DigitPad;
using DigitPad.Model;
using Microsoft.ML;
using MnistMlNet.Tests.Mnist;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>The server apart from the predictions: its start, its page, its OpenAPI description and its limits.</summary>
public sealed class PadServerTests
{
    [Fact]
    public async Task The_first_start_trains_and_saves_and_the_next_one_loads_the_same_network()
    {
        using TemporaryFolder folder = new();
        WriteTinyMnist(folder);
        PadSettings settings = new(0, folder.File(Path.Combine("cache", "pad.zip")), folder.Path, HiddenUnits: 4, Epochs: 2, RateLimit: 0);
        float[] pixels = [.. Enumerable.Range(0, 784).Select(i => (float)(i % 256))], first, second;
        await using (RunningPad pad = await RunningPad.Start(settings))
        {
            TrainingState state = await pad.WaitUntilSettled();
            Assert.Equal(("ready", 2, 2), (state.Phase, state.Epoch, state.Epochs));
            Assert.NotNull(state.TestAccuracy);
            Assert.Equal(40, state.TestDigits);
            Assert.Equal(4, pad.Model!.HiddenUnits);
            first = pad.Model.Predict(pixels);
        }

        await using (RunningPad pad = await RunningPad.Start(settings with { IdxFolder = "nowhere" }))
        {
            Assert.StartsWith("Loaded pad.zip.", (await pad.WaitUntilSettled()).Message, StringComparison.Ordinal);
            second = pad.Model!.Predict(pixels);
        }

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Without_a_model_the_server_says_why_and_is_not_healthy()
    {
        using TemporaryFolder folder = new();
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, folder.File("pad.zip"), folder.File("nowhere"), 4, 1, 0));
        await pad.WaitUntilSettled();

        using HttpResponseMessage health = await pad.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, health.StatusCode);
        using HttpResponseMessage predict = await pad.Client.PostAsync("/predict", Json("{}"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, predict.StatusCode);
        Assert.Equal("application/problem+json", predict.Content.Headers.ContentType?.MediaType);
        using JsonDocument training = JsonDocument.Parse(await pad.Client.GetStringAsync("/training"));
        Assert.Equal("failed", training.RootElement.GetProperty("phase").GetString());
        Assert.Contains(folder.File("nowhere"), training.RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_model_is_left_as_it_is_and_named()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("pad.zip", "not a model");
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, path, folder.Path, 4, 1, 0));

        TrainingState state = await pad.WaitUntilSettled();

        Assert.Equal("failed", state.Phase);
        Assert.StartsWith($"'{path}' is not a whole model saved by ML.NET", state.Message, StringComparison.Ordinal);
        Assert.Equal("not a model", await File.ReadAllTextAsync(path));
    }

    [Fact]
    public void A_model_that_scales_its_pixels_differently_is_refused()
    {
        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("other.zip"), (mlContext, options) =>
            mlContext.Transforms.Conversion.MapValueToKey("Label",
                keyOrdinality: Microsoft.ML.Transforms.ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
                .Append(mlContext.Transforms.NormalizeMinMax("Features"))
                .Append(mlContext.MulticlassClassification.Trainers.TwoLayerNetwork(options)));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PadPipeline.Load(new MLContext(1), folder.File("other.zip")));

        Assert.Contains("other probabilities than pixels divided by 255", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_network_is_refused()
    {
        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("other.zip"), (mlContext, _) => mlContext.Transforms.NormalizeMinMax("Features"));

        InvalidDataException e = Assert.Throws<InvalidDataException>(() => PadPipeline.Load(new MLContext(1), folder.File("other.zip")));

        Assert.Contains("without a two-layer network", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_requests_than_the_limit_are_refused_with_a_problem()
    {
        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("pad.zip"));
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, folder.File("pad.zip"), folder.Path, 4, 1, RateLimit: 1));
        await pad.WaitUntilSettled();

        // One request a second is allowed: of forty concurrent requests most are refused, however slow the machine is.
        HttpResponseMessage[] responses = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(_ => pad.Client.PostAsync("/predict", Json("{}"))));

        Assert.Contains(responses, r => r.StatusCode == HttpStatusCode.BadRequest);
        HttpResponseMessage rejected = responses.First(r => r.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.Equal("1", rejected.Headers.GetValues("Retry-After").Single());
        Assert.Equal("application/problem+json", rejected.Content.Headers.ContentType?.MediaType);
        Assert.Contains("More than 1 requests", await rejected.Content.ReadAsStringAsync(), StringComparison.Ordinal);

        using HttpResponseMessage health = await pad.Client.GetAsync("/health");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
    }

    [Fact]
    public async Task The_page_needs_nothing_from_outside_and_its_security_policy_enforces_that()
    {
        using TemporaryFolder folder = new();
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, folder.File("pad.zip"), folder.Path, 4, 1, 0));
        using HttpResponseMessage page = await pad.Client.GetAsync("/");
        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("default-src 'self'", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        foreach (string file in Directory.GetFiles(Path.Combine(Repository.Root, "samples", "DigitPad", "wwwroot")))
        {
            string content = await pad.Client.GetStringAsync("/" + Path.GetFileName(file));
            Assert.Equal(await File.ReadAllTextAsync(file), content);
            Assert.DoesNotContain("//", content.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal)
                .Replace("// ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_page_about_the_API_has_each_endpoint_and_the_address_of_the_server()
    {
        using TemporaryFolder folder = new();
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, folder.File("pad.zip"), folder.Path, 4, 1, 0));
        using JsonDocument description = JsonDocument.Parse(await pad.Client.GetStringAsync("/openapi/v1.json"));
        using HttpResponseMessage page = await pad.Client.GetAsync("/api");
        string text = await page.Content.ReadAsStringAsync();

        Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
        Assert.All(description.RootElement.GetProperty("paths").EnumerateObject().Select(path => path.Name).Append("/health"),
            path => Assert.Contains(path, text, StringComparison.Ordinal));
        Assert.Contains($"http://127.0.0.1:{pad.Port}/predict", text, StringComparison.Ordinal);
        Assert.DoesNotContain("//", text.Replace($"http://127.0.0.1:{pad.Port}", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("href=\"api\"", await pad.Client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_host_name_for_this_machine_is_refused()
    {
        using TemporaryFolder folder = new();
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, folder.File("pad.zip"), folder.Path, 4, 1, 0));
        using HttpRequestMessage request = new(HttpMethod.Get, "/") { Headers = { Host = "evil.example" } };
        using HttpResponseMessage response = await pad.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_description_contains_the_requests_and_responses_of_the_endpoints()
    {
        using TemporaryFolder folder = new();
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, folder.File("pad.zip"), folder.Path, 4, 1, 0));
        using JsonDocument description = JsonDocument.Parse(await pad.Client.GetStringAsync("/openapi/v1.json"));
        JsonElement paths = description.RootElement.GetProperty("paths"), predict = paths.GetProperty("/predict").GetProperty("post");

        Assert.Equal(["explain", "ink", "noise"],
            predict.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        JsonElement content = predict.GetProperty("requestBody").GetProperty("content");
        Assert.Equal("binary", content.GetProperty("image/png").GetProperty("schema").GetProperty("format").GetString());
        JsonElement schema = content.GetProperty("application/json").GetProperty("schema");
        Assert.False(schema.TryGetProperty("required", out _));
        JsonElement pixels = schema.GetProperty("properties").GetProperty("pixels");
        Assert.Equal((784, 784), (pixels.GetProperty("minItems").GetInt32(), pixels.GetProperty("maxItems").GetInt32()));
        Assert.Equal("number", pixels.GetProperty("items").GetProperty("type").GetString());
        Assert.Equal(["200", "400", "408", "413", "415", "429", "503"],
            predict.GetProperty("responses").EnumerateObject().Select(r => r.Name));
        JsonElement images = paths.GetProperty("/predict/batch").GetProperty("post").GetProperty("requestBody").GetProperty("content")
            .GetProperty("application/json").GetProperty("schema").GetProperty("properties").GetProperty("images");
        Assert.Equal((1, 256), (images.GetProperty("minItems").GetInt32(), images.GetProperty("maxItems").GetInt32()));
    }

    [Fact]
    public async Task The_pictures_of_the_weights_are_the_weights()
    {
        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("pad.zip"));
        await using RunningPad pad = await RunningPad.Start(new PadSettings(0, folder.File("pad.zip"), folder.Path, 4, 1, 0));
        await pad.WaitUntilSettled();

        using JsonDocument model = JsonDocument.Parse(await pad.Client.GetStringAsync("/model"));

        Assert.Equal(12, model.RootElement.GetProperty("hiddenUnits").GetInt32());
        byte[] pictures = model.RootElement.GetProperty("hiddenWeights").GetBytesFromBase64();
        float[] weights = pad.Model!.HiddenWeights.ToArray();
        Assert.Equal(12 * 784, pictures.Length);
        for (int unit = 0; unit < 12; unit++)
        {
            float largest = weights.Skip(unit * 784).Take(784).Max(Math.Abs);
            for (int i = unit * 784; i < (unit + 1) * 784; i++)
            {
                Assert.Equal(weights[i] / largest, (sbyte)pictures[i] / 127f, 0.5f / 127 * 1.001f);
            }

            Assert.Equal(largest, model.RootElement.GetProperty("hiddenScales")[unit].GetSingle());
        }
    }

    [Theory]
    [InlineData("--port", "65536", "0 to 65535")]
    [InlineData("--hidden-units", "0", "1 to 1024")]
    [InlineData("--rate-limit", "-1", "0 to 1000000")]
    [InlineData("--rate-limit", "many", "0 to 1000000")]
    public void An_option_out_of_range_is_refused_with_its_name_the_value_and_the_range(string option, string value, string wanted)
    {
        RootCommand root = [];
        PadCommand.AddTo(root);

        string message = Assert.Single(root.Parse([option, value]).Errors).Message;

        Assert.StartsWith($"{option} is '{value}'", message, StringComparison.Ordinal);
        Assert.Contains(wanted, message, StringComparison.Ordinal);
    }

    private static StringContent Json(string json) => new(json, Encoding.UTF8, "application/json");

    /// <summary>MNIST's four files with 40 noise images each: enough to train on, not enough to learn from.</summary>
    internal static void WriteTinyMnist(TemporaryFolder folder)
    {
        foreach (string set in new[] { "train", "t10k" })
        {
            byte[] pixels = new byte[40 * 784];
            new Random(1).NextBytes(pixels);
            folder.Write($"{set}-images-idx3-ubyte.gz", IdxBytes.Gzip(IdxBytes.Images(40, 28, 28, pixels)));
            folder.Write($"{set}-labels-idx1-ubyte.gz",
                IdxBytes.Gzip(IdxBytes.Labels([.. Enumerable.Range(0, 40).Select(i => (byte)(i % 10))])));
        }
    }
}
