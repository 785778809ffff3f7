using MnistMlNet.Reporting.Charts;
using MnistMlNet.Reporting.Html;
using MnistMlNet.Reporting.Results;

namespace MnistMlNet.Reporting.Sections;

/// <summary>The errors of a regression: for each output, predictions over true values, residuals over predictions, and a table.</summary>
internal static class ResidualSection
{
    private const int MaxOutputs = 6;
    private const int MaxTableOutputs = 100;

    public static void Write(HtmlWriter html, NumberResult result)
    {
        int shown = Math.Min(result.OutputNames.Count, MaxOutputs);
        html.Element("p", "The residual is prediction - true value. Without error, all points are on the dashed line. A bend, or points "
            + "that spread with the prediction, are a pattern that the network hasn't learned."
            + (shown < result.OutputNames.Count ? $" The first {shown} of {result.OutputNames.Count} outputs are drawn." : ""));
        for (int output = 0; output < shown; output++)
        {
            WriteCharts(html, result, output);
        }

        WriteTable(html, result);
    }

    private static void WriteCharts(HtmlWriter html, NumberResult result, int output)
    {
        string name = result.OutputNames[output];
        (double Truth, double Prediction, long Row)[] rows = [.. result.Rows.Select((row, index) =>
            ((double)result.Labels[index][output], (double)result.Predictions[index][output], row))];
        NumberErrors errors = result.Errors[output];
        string numbers = $"{rows.Length:N0} rows; RMSE {PageNumber.Measure(errors.RootMeanSquaredError)}, "
            + $"R² {PageNumber.Fraction(errors.RSquared)}, mean residual {PageNumber.Measure(errors.Bias)}.";
        html.Element("div", () =>
        {
            Chart($"{name}: prediction over true value", "true value", true, row => (row.Truth, row.Prediction));
            Chart($"{name}: residual over prediction", "prediction", false, row => (row.Prediction, row.Prediction - row.Truth));
        }, ("class", "charts"));

        void Chart(
            string heading, string xTitle, bool isDiagonal,
            Func<(double Truth, double Prediction, long Row), (double X, double Y)> place) =>
            html.Element("div", () =>
            {
                html.Element("h3", heading);
                new ScatterChart
                {
                    Id = $"{(isDiagonal ? "scatter" : "residual")}{output}",
                    Title = heading,
                    Description = numbers,
                    XTitle = xTitle,
                    IsDiagonal = isDiagonal,
                    Points = [.. rows.Select(row => (place(row).X, place(row).Y,
                        $"row {row.Row}: true {PageNumber.Measure(row.Truth)}, predicted {PageNumber.Measure(row.Prediction)}"))],
                }.Write(html);
            });
    }

    private static void WriteTable(HtmlWriter html, NumberResult result) => HtmlTable.WriteNumbers(
        html, "outputs", "Errors by output", ["output", "RMSE", "mean absolute error", "mean residual", "R²"],
        result.OutputNames.Zip(result.Errors).Take(MaxTableOutputs).Select(output => (string[])[
            output.First, PageNumber.Measure(output.Second.RootMeanSquaredError), PageNumber.Measure(output.Second.MeanAbsoluteError),
            PageNumber.Measure(output.Second.Bias), PageNumber.Fraction(output.Second.RSquared)]),
        bars: []);
}
