using System.Globalization;
using CsvHelper;
using Microsoft.ML;
using Microsoft.ML.Data;
using MnistMlNet.Primitives;
using MnistMlNet.Tool.Tables;

namespace MnistMlNet.Tool.Training;

/// <summary>The predictions of a model, and a CSV file of them.</summary>
/// <param name="Headings">The names of the predicted columns.</param>
/// <param name="Rows">The predicted values of each row, as text.</param>
internal sealed record Predictions(IReadOnlyList<string> Headings, IReadOnlyList<string[]> Rows)
{
    /// <summary>Reads the columns that a chain of this program adds.</summary>
    /// <param name="scored">The scored rows.</param>
    /// <param name="labels">The label's columns in the file, whose names are part of the headings.</param>
    public static Predictions Read(IDataView scored, IReadOnlyList<string> labels)
    {
        if (scored.Schema.GetColumnOrNull("PredictedLabel")?.Type is VectorDataViewType)
        {
            return new Predictions(
                [.. labels.SelectMany(name => new[] { $"predicted {name}", $"probability of {name}" })],
                [.. scored.GetColumn<bool[]>("PredictedLabel").Zip(scored.GetColumn<float[]>("Probability"), (answers, probabilities) =>
                    (string[])[.. answers.Zip(probabilities).SelectMany(pair => new[] { pair.First ? "1" : "0", Text(pair.Second) })])]);
        }

        if (labels.Count > 1)
        {
            return new Predictions(
                [.. labels.Select(name => $"predicted {name}")],
                [.. scored.GetColumn<float[]>("Score").Select(numbers => (string[])[.. numbers.Select(Text)])]);
        }

        string heading = $"predicted {labels[0]}";
        if (scored.Schema.GetColumnOrNull("Probability") is not null)
        {
            return new Predictions(
                [heading, "probability of true"],
                [.. scored.GetColumn<bool>("PredictedLabel").Zip(scored.GetColumn<float>("Probability"), (answer, probability) =>
                    (string[])[answer ? "true" : "false", Text(probability)])]);
        }

        DataViewSchema.Column score = scored.Schema["Score"];
        if (score.Type is not VectorDataViewType)
        {
            return new Predictions([heading], [.. scored.GetColumn<float>(score).Select(number => (string[])[Text(number)])]);
        }

        VBuffer<ReadOnlyMemory<char>> names = default;
        score.GetSlotNames(ref names);
        return new Predictions(
            [heading, .. names.DenseValues().Select(name => $"probability of {name}")],
            [.. scored.GetColumn<string>("PredictedLabel").Zip(scored.GetColumn<float[]>("Score"), (predicted, probabilities) =>
                (string[])[predicted, .. probabilities.Select(Text)])]);
    }

    /// <summary>Writes the columns of the file and the predicted ones.</summary>
    public void Write(CsvTable table, TextWriter output)
    {
        using var csv = new CsvWriter(output, CultureInfo.InvariantCulture, leaveOpen: true);
        WriteRow([.. table.Columns, .. Headings]);
        foreach ((string[] fields, string[] predicted) in table.Rows.Zip(Rows))
        {
            WriteRow([.. fields, .. predicted]);
        }

        void WriteRow(IEnumerable<string> fields)
        {
            foreach (string field in fields)
            {
                csv.WriteField(field);
            }

            csv.NextRecord();
        }
    }

    /// <summary>Writes the file, replacing an existing one when it is complete.</summary>
    public void Save(CsvTable table, string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        Write(table, writer);
    });

    private static string Text(float value) => float.IsNaN(value) ? "" : value.ToString("G6", CultureInfo.InvariantCulture);
}
