using Microsoft.ML.Data;
using MnistMlNet.Reporting.Charts;
using MnistMlNet.Reporting.Html;

namespace MnistMlNet.Reporting;

/// <summary>Single drawings as SVG, each a file of its own: for a README, a web page or a notebook.</summary>
/// <remarks>They need no other file and have colours for light and dark screens.</remarks>
public static class TrainingCharts
{
    /// <summary>Draws the loss of each epoch, and that of the validation rows if there were any.</summary>
    /// <param name="history">The history of a training with at least one epoch.</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="history"/> is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="history"/> has no epoch.</exception>
    public static string LossCurveSvg(TrainingHistory history)
    {
        ArgumentNullException.ThrowIfNull(history);
        return history.Epochs.Count > 0 ? Drawing(html => CurveChart.OfLoss(history.Epochs, test: null).Write(html, isFile: true))
            : throw new ArgumentException("The history has no epoch to draw: the model wasn't trained here.", nameof(history));
    }

    /// <summary>Draws a confusion matrix of ML.NET's evaluators.</summary>
    /// <param name="confusionMatrix">The matrix, e.g. <see cref="MulticlassClassificationMetrics.ConfusionMatrix"/>. Its counts are read
    /// as <c>Counts[true class][predicted class]</c>.</param>
    /// <param name="classNames">The names of the classes in the order of the matrix, e.g.
    /// <see cref="TwoLayerNetworkModelParameters.ClassNames"/>; null for 0, 1, ….</param>
    /// <returns>The text of an SVG file.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="confusionMatrix"/> is null.</exception>
    /// <exception cref="ArgumentException">There is another number of names than of classes.</exception>
    public static string ConfusionMatrixSvg(ConfusionMatrix confusionMatrix, IReadOnlyList<string>? classNames = null)
    {
        ArgumentNullException.ThrowIfNull(confusionMatrix);
        int count = confusionMatrix.NumberOfClasses;
        if (classNames is not null && classNames.Count != count)
        {
            throw new ArgumentException(
                $"There are {classNames.Count} names for {count} classes. Give one name for each class, or null.", nameof(classNames));
        }

        return Drawing(html => ConfusionChart.Write(
            html, confusionMatrix.Counts, classNames ?? [.. Enumerable.Range(0, count).Select(label => $"{label}")]));
    }

    private static string Drawing(Action<HtmlWriter> write) => InvariantText.Of(() =>
    {
        HtmlWriter html = new();
        write(html);
        html.Line();
        return html.ToString();
    });
}
