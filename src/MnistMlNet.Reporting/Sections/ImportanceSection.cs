using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Sections;

/// <summary>The permutation importance of the features.</summary>
internal static class ImportanceSection
{
    private const int MaxShown = 20;

    public static void Write(HtmlWriter html, ReportContent content)
    {
        if (content.Importance is not { } importance)
        {
            html.Element("p", content.WithoutImportance);
            return;
        }

        html.Element("p", $"How much worse the {importance.Measure} gets when the values of one feature are shuffled among "
            + $"{importance.RowCount:N0} test rows: the mean of {content.Options.PermutationCount} permutations and its standard error. Of "
            + "features that say the same, each alone may seem unimportant.");
        double most = Math.Max(importance.Features.Max(feature => feature.Mean), double.Epsilon);
        WriteTable("importance", importance.Features.Take(MaxShown));
        if (importance.Features.Count > MaxShown)
        {
            html.Element("details", () =>
            {
                html.Element("summary", $"{importance.Features.Count - MaxShown} less important features");
                WriteTable("less-important", importance.Features.Skip(MaxShown));
            });
        }

        void WriteTable(string id, IEnumerable<FeatureImportance> features) => HtmlTable.WriteNumbers(
            html, id, "Importance of features", ["feature", "effect", "±"],
            features.Select(feature => (string[])[
                feature.Name, $"{feature.Mean:0.0000}", PageNumber.Fraction(feature.StandardError)]),
            [.. features.Select(feature => feature.Mean / most)], "relative");
    }
}
