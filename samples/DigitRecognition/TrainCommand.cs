using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace DigitRecognition;

/// <summary>The options of the training command and their validation.</summary>
internal static class TrainCommand
{
    private static readonly Option<string?> s_train = new Option<string?>("--train")
    {
        HelpName = "csv",
        Description = "Train on this CSV file (label first or last, 784 pixels 0 to 255). Without --test, a tenth of it is kept for the "
            + "test. Default: MNIST.",
    }.Checked();

    private static readonly Option<string?> s_test = new Option<string?>("--test")
    {
        HelpName = "csv",
        Description = "Test on this CSV file. Default: MNIST's test digits, unless --train is given.",
    }.Checked();

    private static readonly Option<string?> s_idx = new Option<string?>("--idx")
    {
        HelpName = "folder",
        Description = "Train and test directly from the four IDX files in this folder, without CSV.",
    }.Checked();

    private static readonly Option<int> s_hiddenUnits = new("--hidden-units")
    {
        HelpName = "n",
        Description = "Units of the hidden layer.",
        CustomParser = result => Number(result, 1, 65_536, "a whole number from 1 to 65536", "64"),
        DefaultValueFactory = _ => TrainSettings.DefaultHiddenUnits,
    };

    private static readonly Option<int?> s_epochs = new("--epochs")
    {
        HelpName = "n",
        Description = "Passes over the training digits. Default: chosen by the trainer from their number.",
        CustomParser = result => Number(result, 1, int.MaxValue, "a whole number of at least 1", "30"),
    };

    private static readonly Option<int> s_seed = new("--seed")
    {
        HelpName = "n",
        Description = "The same seed gives the same model.",
        CustomParser = result => Number(result, int.MinValue, int.MaxValue, "a whole number", "1"),
        DefaultValueFactory = _ => TrainSettings.DefaultSeed,
    };

    private static readonly Option<string> s_model = new Option<string>("--model")
    {
        HelpName = "zip",
        Description = "Where to save the model.",
        DefaultValueFactory = _ => ModelFile.DefaultPath,
    }.Checked();

    private static readonly Option<double?> s_targetAccuracy = new("--target-accuracy")
    {
        HelpName = "0..1",
        Description = $"Exit with code {ExitCode.BelowTargetAccuracy} if the test accuracy is lower, e.g. 0.965.",
        CustomParser = result => Number(result, 0d, 1d, "a number from 0 to 1", "0.965"),
    };

    private static readonly Option<string?> s_report = new Option<string?>("--report")
    {
        HelpName = "html",
        Description = "Write a page with curves, confusion matrix, mistakes and hidden units' weights, e.g. report.html.",
    }.Checked();

    /// <summary>Sets training as the action of <paramref name="command"/>.</summary>
    public static void AddTo(Command command)
    {
        Option[] options = [s_train, s_test, s_idx, s_hiddenUnits, s_epochs, s_seed, s_model, s_targetAccuracy, s_report];
        foreach (Option option in options)
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetResult(s_idx) is not null && (result.GetResult(s_train) ?? result.GetResult(s_test)) is not null)
            {
                result.AddError("--idx can't go with --train or --test: it names a folder with both sets.\n"
                    + "Leave out --idx to train on CSV files, or leave out the others.");
            }
        });

        // On another thread, so that System.CommandLine can react to Ctrl+C in the meantime.
        command.SetAction((parsed, cancellationToken) =>
            Task.Run(() => new TrainJob(Settings(parsed), cancellationToken).Run(), CancellationToken.None));
    }

    // Parsed here, since System.CommandLine's own message names .NET types instead of the range.
    private static T Number<T>(ArgumentResult result, T min, T max, string wanted, string example)
        where T : struct, INumber<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out T value) && value >= min && value <= max)
        {
            return value;
        }

        string? option = (result.Parent as OptionResult)?.Option.Name;
        result.AddError($"{option} is '{text}'; it must be {wanted}.\nFor example: {option} {example}");
        return min;
    }

    private static TrainSettings Settings(ParseResult parsed) => new(
        parsed.GetValue(s_train),
        parsed.GetValue(s_test),
        parsed.GetValue(s_idx),
        parsed.GetValue(s_hiddenUnits),
        parsed.GetValue(s_epochs),
        parsed.GetValue(s_seed),
        parsed.GetValue(s_model)!,
        parsed.GetValue(s_targetAccuracy),
        parsed.GetValue(s_report));
}
