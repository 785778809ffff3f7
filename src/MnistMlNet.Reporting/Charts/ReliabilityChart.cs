using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Charts;

/// <summary>Draws the frequency of an event over its predicted probability in SVG: the reliability diagram.</summary>
internal static class ReliabilityChart
{
    private const double MinRadius = 2.5;
    private const double MaxRadius = 11;

    public static void Write(HtmlWriter html, Calibration calibration, string xTitle)
    {
        AxisTicks ticks = AxisTicks.Of(0, 1);
        var plot = new PlotArea
        {
            Right = 14,
            X = (0, 1),
            XTicks = ticks.Values,
            YTicks = ticks,
            XTitle = xTitle,
            FormatX = value => PageNumber.Percent(value, 0),
            FormatY = value => PageNumber.Percent(value, 0),
        };
        CalibrationBin[] bins = [.. calibration.Bins.Where(bin => bin.Count > 0)];
        double most = bins.Max(bin => bin.Count);
        string description = $"{bins.Length} bins; their expected calibration error is {PageNumber.Percent(calibration.ExpectedError, 2)}. "
            + "The table below has the numbers.";
        PlotArea.WriteDrawing(html, "reliability", "Reliability diagram", description, PlotArea.Width, PlotArea.Height, isFile: false, () =>
        {
            plot.WriteAxes(html);
            plot.WriteLine(html, [(0, 0), (1, 1)], "ideal");
            plot.WriteLine(html, bins.Select(bin => (bin.MeanProbability, bin.Frequency)), "line s0");
            foreach (CalibrationBin bin in bins)
            {
                double radius = Math.Max(MinRadius, MaxRadius * Math.Sqrt(bin.Count / most));
                plot.WriteDot(html, bin.MeanProbability, bin.Frequency, radius, "bubble",
                    $"{bin.Count:N0} predictions of {PageNumber.Percent(bin.MeanProbability)}: {PageNumber.Percent(bin.Frequency)} right");
            }
        });
    }
}
