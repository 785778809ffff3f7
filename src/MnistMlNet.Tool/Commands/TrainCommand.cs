using System.CommandLine;
using MnistMlNet.Primitives;
using MnistMlNet.Tool.Tables;
using MnistMlNet.Tool.Training;

namespace MnistMlNet.Tool.Commands;

/// <summary>The options of training.</summary>
internal static class TrainCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<string> data = Arguments.Data();
        Option<string[]> label = new("--label")
        {
            HelpName = "column",
            Description = "The column to predict. Several, repeated or separated by commas, are predicted together: numbers, or answers of "
                + "0 and 1.",
            Required = true,
        };
        Option<TrainingTask?> task = new("--task")
        {
            HelpName = "binary|multiclass|regression|multilabel",
            Description = "What the label is. Default: found by its values.",
        };
        task.AcceptOnlyFromAmong("binary", "multiclass", "regression", "multilabel");
        Option<string> model = new("--model")
        {
            HelpName = "zip",
            Description = "The model file to write.",
            DefaultValueFactory = _ => "model.zip",
        };
        Option<string?> report = new("--report")
        {
            HelpName = "html",
            Description = "Write a page on the first fold: a model trained on the other folds, and tested on this one.",
        };
        Option<string?> predictions = new("--predictions")
        {
            HelpName = "csv",
            Description = "Write a prediction for each row, by the model of cross-validation that wasn't trained on it.",
        };
        Option<int?> folds = Arguments.Number("--folds", "Parts for cross-validation; 0 for none. Default: 5.", 0, 100);
        Option<int?> hiddenUnits = Arguments.Number("--hidden-units", "Units of the hidden layer. Default: 32.", 1, 65_536);
        Option<int?> epochs = Arguments.Number("--epochs", "Passes over the rows. Default: chosen by the trainer.", 1);
        Option<int?> seed = Arguments.Number("--seed", "The same seed gives the same model. Default: 1.", int.MinValue);
        Option<string[]> number = Columns("--number", "has numbers");
        Option<string[]> category = Columns("--category", "has categories, although it looks otherwise");
        Option<string[]> text = Columns("--text", "has sentences, whose words are used");
        Option<string[]> ignore = Columns("--ignore", "isn't used");
        Option<char?> separator = Arguments.Separator();
        Option<bool> noHeader = Arguments.NoHeader();
        var command = new Command("train", "Trains a network on a CSV file, measures it by cross-validation, and saves it.")
        {
            data, label, task, model, report, predictions, folds, hiddenUnits, epochs, seed, number, category, text, ignore, separator,
            noHeader,
        };
        command.SetAction(parsed =>
        {
            var files = new OutputFiles(parsed.GetValue(model)!, parsed.GetValue(report), parsed.GetValue(predictions));
            int foldCount = parsed.GetValue(folds) ?? 5;
            if (foldCount == 1 || (foldCount == 0 && (files.Report ?? files.Predictions) is not null))
            {
                throw new UsageException(foldCount == 1 ? "--folds is 1; it must be 0, or 2 or more."
                    : "--report and --predictions need --folds of 2 or more: they are about rows that a model wasn't trained on.");
            }

            Arguments.CheckFiles([("the data", parsed.GetValue(data)!)],
                ("--model", files.Model), ("--report", files.Report), ("--predictions", files.Predictions));
            files.Check();
            CsvTable table = Arguments.Read(parsed, data, separator, noHeader);
            var given = new Dictionary<int, ColumnKind>();
            Give(number, ColumnKind.Number);
            Give(category, ColumnKind.Category);
            Give(text, ColumnKind.Text);
            Give(ignore, ColumnKind.Ignored);
            var settings = new NetworkSettings(
                parsed.GetValue(hiddenUnits) ?? 32, parsed.GetValue(epochs), parsed.GetValue(seed) ?? 1);
            new TrainJob(table, LabelColumns(table, parsed.GetValue(label)!), parsed.GetValue(task), given, settings, files, output)
                .Run(foldCount);

            void Give(Option<string[]> option, ColumnKind kind)
            {
                foreach (string column in parsed.GetValue(option) ?? [])
                {
                    int index = table.IndexOf(column, option.Name);
                    if (!given.TryAdd(index, kind))
                    {
                        throw new UsageException($"{option.Name} '{column}': the column's kind is given twice.");
                    }
                }
            }
        });
        return command;

        // A name may have a comma itself.
        static int[] LabelColumns(CsvTable table, string[] names)
        {
            int[] columns = [.. names.SelectMany(name => table.Find(name) >= 0 ? [name] : name.Split(',', StringSplitOptions.TrimEntries))
                .Select(name => table.IndexOf(name, "--label"))];
            return columns.GroupBy(column => column).FirstOrDefault(group => group.Count() > 1) is not { } twice ? columns
                : throw new UsageException($"--label '{Shown.Text(table.Columns[twice.Key])}' is given twice. Leave one out.");
        }

        static Option<string[]> Columns(string name, string description) => new(name)
        {
            HelpName = "column",
            Description = $"A column that {description}. May be repeated.",
        };
    }
}
