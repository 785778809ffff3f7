using System.CommandLine;
using Microsoft.ML;
using MnistMlNet.Primitives;
using MnistMlNet.Reporting;
using MnistMlNet.Tool.Tables;
using MnistMlNet.Tool.Training;

namespace MnistMlNet.Tool.Commands;

/// <summary>Writes the report on a saved model.</summary>
internal static class ReportCommand
{
    public static Command Create(TextWriter output)
    {
        Argument<string> model = Arguments.Model(), data = Arguments.Data();
        Option<string> target = new("--output")
        {
            HelpName = "html",
            Description = "The file to write.",
            DefaultValueFactory = _ => "report.html",
        };
        Option<char?> separator = Arguments.Separator();
        Option<bool> noHeader = Arguments.NoHeader();
        var command = new Command(
            "report", "Writes an HTML page on a saved model and rows that it wasn't trained on; the file has the label's column too.")
        {
            model, data, target, separator, noHeader,
        };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(target)!;
            Arguments.CheckFiles(
                [("the model", parsed.GetValue(model)!), ("the data", parsed.GetValue(data)!)], ("--output", path));
            AtomicFile.CheckWritable(path, "--output");
            var saved = SavedModel.Load(parsed.GetValue(model)!);
            CsvTable table = Arguments.Read(parsed, data, separator, noHeader);
            IDataView rows = TableData.Load(table, saved.Schema, saved.Labels, isLabelNeeded: true);
            TrainingReport.Create(saved.MlContext, saved.Model, rows, Options(saved.Label, table, "All rows of the file."))
                .SaveHtml(path);
            output.WriteLine($"Report: {path}; open it in a browser");
        });
        return command;
    }

    /// <summary>The options of a report on rows of a file.</summary>
    public static TrainingReportOptions Options(string label, CsvTable table, string rows) => new()
    {
        LabelColumnName = label,
        AdditionalSections = [new ReportSection("Data", [new("File", table.Name), new("Test rows", rows)])],
        Written = DateTimeOffset.UtcNow,
    };
}
