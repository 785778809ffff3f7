using System.CommandLine;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;

namespace DigitRecognition;

/// <summary><c>predict</c>: reads a CSV file of digits and a saved model, and writes a CSV file of predictions.</summary>
internal static class PredictCommand
{
    private static readonly Argument<string> s_csv = new Argument<string>("csv")
    {
        Description = "The digits: 784 pixels 0 to 255 a row, with or without a label and a header.",
    }.Checked();

    private static readonly Option<string> s_model = new Option<string>("--model")
    {
        HelpName = "zip",
        Description = "The saved model.",
        DefaultValueFactory = _ => ModelFile.DefaultPath,
    }.Checked();

    private static readonly Option<string> s_output = new Option<string>("--output")
    {
        HelpName = "csv",
        Description = "Where to write the predictions.",
        DefaultValueFactory = _ => "predictions.csv",
    }.Checked();

    public static Command Create()
    {
        Command command = new("predict", "Reads the digits of a CSV file with a saved model and writes its answers as CSV "
            + "(ImageId,Label,Probability).") { s_csv, s_model, s_output };
        command.SetAction((parsed, cancellationToken) =>
            Task.Run(() => Run(parsed.GetValue(s_csv)!, parsed.GetValue(s_model)!, parsed.GetValue(s_output)!, cancellationToken),
                CancellationToken.None));
        return command;
    }

    private static int Run(string csvPath, string modelPath, string outputPath, CancellationToken cancellationToken)
    {
        // Reported now, not after all digits were read.
        OutputFiles.Check([("--output", outputPath)], [("the file of digits", csvPath), ("--model", modelPath)]);
        CsvLayout layout = CsvLayout.Detect(csvPath);
        MLContext mlContext = new();
        ITransformer model = ModelFile.Load(mlContext, modelPath);

        long rows = Screen.Busy(
            $"Checking {Path.GetFileName(csvPath)}", _ => CsvCheck.Rows(csvPath, layout, needsLabels: false, cancellationToken));
        IDataView digits = mlContext.Data.LoadFromTextFile(csvPath, layout.ToLoaderOptions());
        IDataView scored = model.Transform(digits);
        if (scored.Schema.GetColumnOrNull("PredictedLabel")?.Type is not TextDataViewType || scored.Schema.GetColumnOrNull("Score") is null)
        {
            throw new InvalidDataException($"'{modelPath}' doesn't end with the text column PredictedLabel and a column Score, as a model "
                + $"of this program does.");
        }

        Screen.Bar("Reading the digits", rows, report =>
            AtomicFile.Write(outputPath, stream => Write(scored, stream, report, cancellationToken)));
        Screen.Verbatim($"{outputPath}: {rows:N0} predictions by {modelPath}");
        if (layout.LabelIndex is not null)
        {
            ShowAccuracy(digits, scored);
        }

        NextSteps.Show(NextSteps.AfterPrediction(csvPath, modelPath, layout.LabelIndex is not null));
        return ExitCode.Success;
    }

    // ImageId counts from 1. The names are Kaggle's; its competition expects the first two columns.
    private static void Write(IDataView scored, Stream stream, Action<long> report, CancellationToken cancellationToken)
    {
        using StreamWriter writer = new(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            leaveOpen: true)
        { NewLine = "\n" };
        writer.WriteLine("ImageId,Label,Probability");
        long row = 0;
        foreach (Prediction prediction in Predictions.Read(scored))
        {
            cancellationToken.ThrowIfCancellationRequested();
            row++;
            writer.WriteLine(FormattableString.Invariant($"{row},{prediction.Digit},{prediction.Probability:F4}"));
            report(row);
        }
    }

    private static void ShowAccuracy(IDataView digits, IDataView scored)
    {
        (int right, int labelled) = digits.GetColumn<string>("Label").Zip(Predictions.Read(scored))
            .Where(pair => pair.First.Length > 0)
            .Aggregate((Right: 0, Labelled: 0), (sum, pair) => (sum.Right + (pair.First == pair.Second.Digit ? 1 : 0), sum.Labelled + 1));
        if (labelled > 0)
        {
            Screen.Parts("The file has labels", $"{right:N0} of {labelled:N0} are right ({(double)right / labelled:P2})");
        }
    }
}
