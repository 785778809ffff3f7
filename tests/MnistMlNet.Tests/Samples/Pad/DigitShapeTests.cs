using System.Net.Http.Json;
using System.Text.Json;
using DigitPad.Model;
using Xunit.Abstractions;

namespace MnistMlNet.Tests.Samples.Pad;

/// <summary>
/// The rule for what looks like a digit, as the sample trains it. docs/digitpad.md has the figures; the command there prints them again.
/// </summary>
public sealed class DigitShapeTests(TrainedShape trained, ITestOutputHelper output) : IClassFixture<TrainedShape>
{
    private const int Count = 300;

    [Fact]
    public void ReasonAgainst_TestDigits_RefusesAtMostHalfAPercent()
    {
        int refused = 0, count = 0;
        foreach (DigitRow digit in DigitRow.Read(TrainedShape.Digits("t10k")))
        {
            refused += trained.Shape.ReasonAgainst(digit.Pixels) is null ? 0 : 1;
            count++;
        }

        output.WriteLine($"| MNIST's test digits | {refused / (double)count:P2} |");
        Assert.Equal(10_000, count);
        Assert.InRange(refused, 0, 50);
    }

    // The limits are some points below what was measured, for processors whose sums differ in the last bits.
    [Theory]
    [InlineData("scribble of 12 to 25 turns", 0.85)]
    [InlineData("zigzag", 0.9)]
    [InlineData("spiral", 0.95)]
    [InlineData("horizontal line", 1)]
    [InlineData("grey noise", 1)]
    [InlineData("black and white noise", 0.95)]
    [InlineData("rectangle", 0.9)]
    [InlineData("3 to 6 lines", 0.45)]
    [InlineData("curve of 6 to 10 turns", 0.3)]
    [InlineData("2 lines", 0.25)]
    public void ReasonAgainst_ImagesThatAreNoDigits_RefusesMostOfThem(string kind, double least)
    {
        Random random = new(20);
        int refused = Enumerable.Range(0, Count).Count(_ => trained.Shape.ReasonAgainst(Scribbles.Next(kind, random)) is not null);

        output.WriteLine($"| {kind} | {refused / (double)Count:P0} |");
        Assert.True(refused >= least * Count, $"Of {Count} images ({kind}) {refused} were refused; {least * Count} are expected.");
    }

    [Fact]
    public void ReasonAgainst_NoInk_SaysSo() => Assert.Equal("There is no ink.", trained.Shape.ReasonAgainst(new float[784]));

    [Fact]
    public void ReasonAgainst_EachSinglePixel_SaysThatThereIsTooLittleInk()
    {
        for (int i = 0; i < 784; i++)
        {
            float[] pixels = new float[784];
            pixels[i] = 255;
            Assert.Equal("There is too little ink: 1 full pixels of 784, and digits have 26 to 241.", trained.Shape.ReasonAgainst(pixels));
        }
    }

    // A point in a PNG is scaled up to 20 × 20 pixels.
    [Fact]
    public void ReasonAgainst_FilledSquare_SaysThatThereIsTooMuchInk() => Assert.Equal(
        "There is too much ink: 400 full pixels of 784, and digits have 26 to 241.",
        trained.Shape.ReasonAgainst(
            [.. Enumerable.Range(0, 784).Select(i => i % 28 is >= 4 and < 24 && i / 28 is >= 4 and < 24 ? 255f : 0)]));

    // A vertical stroke is how most people write a 1: what is drawn by the test's own pen must not be refused for its pen.
    [Fact]
    public void ReasonAgainst_AOneDrawnAsALine_IsNull() =>
        Assert.Null(trained.Shape.ReasonAgainst(Scribbles.Draw([(0.5, 0), (0.45, 1)])));

    [Fact]
    public void Load_SavedRule_JudgesAsTheTrainedOne()
    {
        using TemporaryFolder folder = new();
        trained.Shape.Save(folder.File("rule.npz"));
        DigitShape loaded = DigitShape.Load(folder.File("rule.npz"));

        Random random = new(3);
        for (int i = 0; i < 50; i++)
        {
            float[] image = Scribbles.Next("curve of 6 to 10 turns", random);
            Assert.Equal(trained.Shape.ReasonAgainst(image), loaded.ReasonAgainst(image));
        }
    }

    [Fact]
    public async Task Predict_WithARule_SaysWhetherTheImageLooksLikeADigitAndKeepsTheOtherFields()
    {
        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("pad.zip"));
        trained.Shape.Save(folder.File("pad.shape.npz"));
        await using RunningPad pad = await RunningPad.Start(new(0, folder.File("pad.zip"), folder.Path, 4, 1, 0));
        await pad.WaitUntilSettled();
        float[] digit = [.. DigitRow.Read(TrainedShape.Digits("t10k")).First().Pixels];

        JsonElement[] answers = [await Predict(pad, digit), await Predict(pad, new float[784])];

        Assert.Equal(["digit", "probabilities", "looksLikeDigit"], answers[0].EnumerateObject().Select(member => member.Name));
        Assert.True(answers[0].GetProperty("looksLikeDigit").GetBoolean());
        Assert.Equal(["digit", "probabilities", "looksLikeDigit", "reason"], answers[1].EnumerateObject().Select(member => member.Name));
        Assert.False(answers[1].GetProperty("looksLikeDigit").GetBoolean());
        Assert.Equal("There is no ink.", answers[1].GetProperty("reason").GetString());
        Assert.Equal(10, answers[1].GetProperty("probabilities").GetArrayLength());

        using HttpResponseMessage batch = await pad.Client.PostAsJsonAsync("/predict/batch",
            new { images = new[] { new { pixels = digit }, new { pixels = new float[784] } } });
        JsonElement predictions = (await batch.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("predictions");
        Assert.Equal([true, false], predictions.EnumerateArray().Select(p => p.GetProperty("looksLikeDigit").GetBoolean()));
    }

    [Fact]
    public async Task Predict_WithoutMnistsFiles_DoesNotKnowWhetherTheImageLooksLikeADigit()
    {
        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("pad.zip"));
        await using RunningPad pad = await RunningPad.Start(new(0, folder.File("pad.zip"), folder.File("nowhere"), 4, 1, 0));
        TrainingState state = await pad.WaitUntilSettled();

        Assert.Equal("ready", state.Phase);
        Assert.Null(state.TestAccuracy);
        Assert.Null(state.TestDigits);
        Assert.Contains("There is no test accuracy: ", state.Message, StringComparison.Ordinal);
        Assert.Contains("There is no rule for what looks like a digit: ", state.Message, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, (await Predict(pad, new float[784])).GetProperty("looksLikeDigit").ValueKind);
        JsonElement model = await pad.Client.GetFromJsonAsync<JsonElement>("/model");
        Assert.Equal(JsonValueKind.Null, model.GetProperty("neverLearned").ValueKind);
    }

    [Fact]
    public async Task Start_DamagedRule_NamesTheFileLeavesItAndPredicts()
    {
        using TemporaryFolder folder = new();
        TrainedPad.SaveModel(folder.File("pad.zip"));
        string path = folder.Write("pad.shape.npz", "not a network");
        await using RunningPad pad = await RunningPad.Start(new(0, folder.File("pad.zip"), folder.Path, 4, 1, 0));

        TrainingState state = await pad.WaitUntilSettled();

        Assert.Equal("ready", state.Phase);
        Assert.Contains($"There is no rule for what looks like a digit: '{path}'", state.Message, StringComparison.Ordinal);
        Assert.Equal("not a network", await File.ReadAllTextAsync(path));
        Assert.Equal(JsonValueKind.Null, (await Predict(pad, new float[784])).GetProperty("looksLikeDigit").ValueKind);
    }

    private static async Task<JsonElement> Predict(RunningPad pad, float[] pixels)
    {
        using HttpResponseMessage response = await pad.Client.PostAsJsonAsync("/predict", new { pixels });
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
