using MnistMlNet.Reporting.Charts;
using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Sections;

/// <summary>Whether predicted probabilities are frequencies: the reliability diagram, its table, and the calibration error.</summary>
internal static class CalibrationSection
{
    public static void Write(HtmlWriter html, Calibration calibration, string eventName, string axisTitle)
    {
        html.Element("p", $"Predictions are grouped by their probability. In each group, the fraction of {eventName} should be the "
            + "probability: points on the dashed line. Points below it are predictions that are too confident. Large points stand for many "
            + $"predictions. The expected calibration error (ECE), the mean distance from the line, is "
            + $"{PageNumber.Percent(calibration.ExpectedError, 2)}.");
        html.Element("div", () =>
        {
            html.Element("div", () => ReliabilityChart.Write(html, calibration, axisTitle));
            html.Element("div", () => HtmlTable.WriteNumbers(
                html, "calibration", "Reliability by probability", ["probability", "predictions", "mean", "observed"],
                calibration.Bins.Where(bin => bin.Count > 0).Select(bin => (string[])[
                    $"{100 * bin.From:0} to {100 * bin.To:0} %", $"{bin.Count:N0}", PageNumber.Percent(bin.MeanProbability),
                    PageNumber.Percent(bin.Frequency)]),
                bars: []));
        }, ("class", "charts"));
    }
}
