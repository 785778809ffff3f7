using System.CommandLine;
using MnistMlNet.Primitives;
using MnistMlNet.Tool.Tables;
using MnistMlNet.Tool.Training;

namespace MnistMlNet.Tool.Commands;

/// <summary>Predicts the rows of a file.</summary>
internal static class PredictCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        Argument<string> model = Arguments.Model(), data = Arguments.Data();
        Option<string?> target = new("--output")
        {
            HelpName = "csv",
            Description = "The file to write: the columns of the data and the predictions. Default: the screen.",
        };
        Option<char?> separator = Arguments.Separator();
        Option<bool> noHeader = Arguments.NoHeader();
        var command = new Command("predict", "Predicts the rows of a CSV file with a saved model. The label's column may be missing.")
        {
            model, data, target, separator, noHeader,
        };
        command.SetAction(parsed =>
        {
            string? path = parsed.GetValue(target);
            Arguments.CheckFiles(
                [("the model", parsed.GetValue(model)!), ("the data", parsed.GetValue(data)!)], ("--output", path));
            if (path is not null)
            {
                AtomicFile.CheckWritable(path, "--output");
            }

            var saved = SavedModel.Load(parsed.GetValue(model)!);
            CsvTable table = Arguments.Read(parsed, data, separator, noHeader);
            var predictions = Predictions.Read(
                saved.Model.Transform(TableData.Load(table, saved.Schema, saved.Labels, isLabelNeeded: false)), saved.Labels);
            if (path is null)
            {
                predictions.Write(table, output);
                return;
            }

            predictions.Save(table, path);
            error.WriteLine($"{table.Rows.Count:N0} predictions written to {path}");
        });
        return command;
    }
}
