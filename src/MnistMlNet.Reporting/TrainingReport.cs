using System.Text;
using Microsoft.ML;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting;

/// <summary>A report on a trained two-layer network as one HTML page.</summary>
/// <remarks>
/// <para>The page has the loss curves; the confusion matrix, or the residuals of a regression; a table of the classes, labels or outputs;
/// a calibration curve; the mistakes of which the model was most certain; the importance of the features; the weights; the options of the
/// training; and the versions, processor and system that made the report. Which of them, depends on the task.</para>
/// <para>It needs no other file and no network, is readable on light and dark screens and on a phone, and contains no absolute
/// path.</para>
/// </remarks>
/// <example>
/// <code>
/// TrainingReport.Create(mlContext, model, testData).SaveHtml("report.html");
/// </code>
/// </example>
public sealed class TrainingReport
{
    internal TrainingReport(ReportContent content) => Content = content;

    internal ReportContent Content { get; }

    /// <summary>Scores test rows and collects the content of the report.</summary>
    /// <param name="mlContext">The context; its seed decides how features are shuffled to measure their importance.</param>
    /// <param name="model">The transformer of a two-layer network, or a chain with one: of two or many classes, of one number or several,
    /// or of several labels. It may come from <c>Fit</c> or from <c>mlContext.Model.Load</c>.</param>
    /// <param name="testData">Rows that the model wasn't trained on, with the columns that <paramref name="model"/> needs and the label.
    /// They are read twice.</param>
    /// <param name="options">The options; null for the defaults.</param>
    /// <returns>The report.</returns>
    /// <remarks>Example weights aren't used: each test row counts once.</remarks>
    /// <exception cref="ArgumentNullException"><paramref name="mlContext"/>, <paramref name="model"/> or <paramref name="testData"/> is
    /// null.</exception>
    /// <exception cref="ArgumentException"><paramref name="model"/> has no two-layer network, <paramref name="testData"/> has no usable
    /// label, or the image size doesn't match the number of features.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number in <paramref name="options"/> is out of range.</exception>
    public static TrainingReport Create(MLContext mlContext, ITransformer model, IDataView testData, TrainingReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(testData);
        options ??= new TrainingReportOptions();
        options.Check();
        return InvariantText.Of(() => new TrainingReport(ReportContent.Collect(mlContext, model, testData, options)));
    }

    /// <summary>Gives the page as text.</summary>
    /// <returns>HTML, which is well-formed XML too.</returns>
    public string ToHtml() => InvariantText.Of(() => ReportPage.Write(Content));

    /// <summary>Writes the page to a file, in UTF-8.</summary>
    /// <param name="path">The file to create or replace; its folder must exist. An existing one is replaced only when the new one is
    /// complete.</param>
    /// <exception cref="IOException">The file can't be written; an existing file stays unchanged.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void SaveHtml(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        byte[] page = Encoding.UTF8.GetBytes(ToHtml());

        string folder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".";
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException(
                $"The report '{path}' can't be written: the folder '{folder}' does not exist. Create it, or give another path.");
        }

        // In the same folder, so that the move is a rename.
        string temporary = Path.Combine(folder, $".{Path.GetRandomFileName()}.tmp");
        try
        {
            File.WriteAllBytes(temporary, page);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
