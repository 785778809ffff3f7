using System.Globalization;

namespace DigitRecognition;

/// <summary>What one can do after a command, with the commands.</summary>
internal static class NextSteps
{
    private const int LargerNetwork = 4;
    private const int MaxSuggestedUnits = 512;

    /// <summary>The steps after training.</summary>
    /// <param name="settings">The options of the training.</param>
    /// <param name="csvPath">A CSV file of digits; null where there is none.</param>
    public static (string What, string Command)[] AfterTraining(TrainSettings settings, string? csvPath)
    {
        List<(string, string)> steps = [];
        if (csvPath is not null)
        {
            steps.Add(("Classify the digits of a CSV file", Invocation.Of(["predict", csvPath, .. ModelOption(settings.ModelPath)])));
        }

        if (settings.ReportPath is null)
        {
            steps.Add(("Write a page on what it learned", Again(settings with { ReportPath = "report.html" })));
        }

        if (LargerNetwork * settings.HiddenUnits <= MaxSuggestedUnits)
        {
            steps.Add(("Train a larger network", Again(settings with { HiddenUnits = LargerNetwork * settings.HiddenUnits })));
        }

        return [.. steps, .. Drawing()];
    }

    /// <summary>The steps after a prediction.</summary>
    /// <param name="csvPath">The file that was read.</param>
    /// <param name="hasLabels">Whether it has labels.</param>
    public static (string What, string Command)[] AfterPrediction(string csvPath, string modelPath, bool hasLabels) =>
    [
        .. hasLabels
            ? [("Train on this file", Invocation.Of(["--train", csvPath, "--model", Unlike(modelPath)]))]
            : Array.Empty<(string, string)>(),
        .. Drawing(),
    ];

    /// <summary>Gets the command of a training with these options.</summary>
    public static string Again(TrainSettings settings) => Invocation.Of(
    [
        .. Given("--train", settings.TrainPath), .. Given("--test", settings.TestPath), .. Given("--idx", settings.IdxFolder),
        .. Given("--hidden-units", Text(settings.HiddenUnits, unless: TrainSettings.DefaultHiddenUnits)),
        .. Given("--epochs", Text(settings.Epochs)), .. Given("--seed", Text(settings.Seed, unless: TrainSettings.DefaultSeed)),
        .. ModelOption(settings.ModelPath), .. Given("--report", settings.ReportPath),
    ]);

    /// <summary>Writes the steps. A command is one line, which no line break of ours cuts: it is there to be copied.</summary>
    public static void Show((string What, string Command)[] steps)
    {
        if (steps.Length == 0)
        {
            return;
        }

        Screen.Heading("Next:");
        foreach ((string what, string command) in steps)
        {
            Screen.Line(what);
            Screen.Verbatim($"  {command}");
        }
    }

    // A drawing needs a network that has seen distorted digits, so the sample trains one of its own.
    private static (string What, string Command)[] Drawing() =>
        Invocation.OfSample("DigitPad") is { } command ? [("Draw digits, with a network for that", command)] : [];

    private static string[] Given(string option, string? value) => value is null ? [] : [option, value];

    private static string? Text(int? value, int? unless = null) =>
        value == unless ? null : value?.ToString(CultureInfo.InvariantCulture);

    private static string[] ModelOption(string path) => path == ModelFile.DefaultPath ? [] : ["--model", path];

    private static string Unlike(string modelPath) =>
        Path.Combine(Path.GetDirectoryName(modelPath) ?? "", $"{Path.GetFileNameWithoutExtension(modelPath)}-2.zip");
}
