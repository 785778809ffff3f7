using System.CommandLine;
using System.Globalization;
using MnistMlNet.Benchmarks.Accuracy;
using MnistMlNet.Benchmarks.Data;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary><c>accuracy</c>: the rows of docs/accuracy.md.</summary>
internal static class AccuracyCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>(
            "row")
        {
            Description = $"Which rows: {string.Join(", ", AccuracyRows.All.Select(row => row.Name))}.",
            Arity = ArgumentArity.OneOrMore
        };
        names.AcceptOnlyFromAmong([.. AccuracyRows.All.Select(row => row.Name)]);
        var seeds = new Option<int[]>("--seeds")
        {
            Description = "The seeds.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [1, 2, 3, 4, 5]
        };
        var output = new Option<string>("--output")
        {
            Description = "The folder of the results, one file for each row; by default a different folder for each commit.",
            DefaultValueFactory = _ => Path.Combine("artifacts", "accuracy", MachineHeader.Commit),
        };
        var heldOut = new Option<bool>("--held-out")
        {
            Description = "Trains on the first 50,000 training images and measures on the last "
            + "10,000: for choosing options."
        };
        var set = new Option<string[]>(
            "--set")
        {
            Description = "Changes options, as LearningRate=0.002, to try a setting; then nothing is written.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => []
        };
        var picture = new Option<string?>(
            "--picture")
        { Description = "Draws the curve from the results in the folder to this SVG file, too." };
        var command = new Command("accuracy", "Trains rows of docs/accuracy.md, seed by seed; continues a stopped run.") { names,
            seeds, output, heldOut, set, picture };
        command.SetAction(parsed =>
        {
            MachineHeader.Write(Console.Out,
                $"accuracy {string.Join(' ', parsed.GetRequiredValue(names))}{(parsed.GetValue(heldOut) ? " --held-out" : "")}");
            var lines = new List<string[]>();
            foreach (string name in parsed.GetRequiredValue(names))
            {
                AccuracyRow row = AccuracyRows.All.Single(each => each.Name == name);
                if (row.Data == DataSets.FashionName && DataSets.WhyNoFashion is { } why)
                {
                    Console.Out.WriteLine($"{name} can't be measured: {why}.");
                    continue;
                }

                var run = new AccuracyRun(row, parsed.GetRequiredValue(output), parsed.GetValue(heldOut),
                    OptionOverrides.Parse(parsed.GetRequiredValue(set)));
                lines.Add(Line(row, run.Run(parsed.GetRequiredValue(seeds), Console.Out)));
            }

            var table = new MarkdownTable(
                Console.Out, parsed.GetValue(heldOut) ? "On 10,000 held-out training images" : "On the 10,000 test images",
                "row", ">seeds", ">accuracy, median", ">min", ">max", ">target", ">log-loss", ">calibration error", ">time of Fit");
            foreach (string[] line in lines)
            {
                table.Row(line);
            }

            if (parsed.GetValue(picture) is { } path)
            {
                string folder = parsed.GetRequiredValue(output);
                CurvePicture.Write(path, AccuracyRows.Curve, name => AccuracyRun.ReadMedian(folder, name));
            }
        });
        return command;
    }

    private static string[] Line(AccuracyRow row, IReadOnlyList<AccuracyResult> results)
    {
        double Median(Func<AccuracyResult, double> value) => results.Select(value).Order().ElementAt((results.Count - 1) / 2);
        string Percent(double share) => share.ToString("P2", CultureInfo.InvariantCulture);
        return
        [
            row.Name, results.Count.ToString(CultureInfo.InvariantCulture), Percent(Median(result => result.Accuracy)),
            Percent(results.Min(result => result.Accuracy)), Percent(results.Max(result => result.Accuracy)),
                row.Target is { } target ? Percent(target) : "",
            Median(result => result.LogLoss).ToString("F4", CultureInfo.InvariantCulture),
                Percent(Median(result => result.CalibrationError)),
            Number.Seconds(Median(result => result.Seconds)),
        ];
    }
}
