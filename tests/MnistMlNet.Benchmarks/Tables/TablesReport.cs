using System.Globalization;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Tables;

/// <summary>One line a table, and a summary for the tables of each purpose.</summary>
internal sealed class TablesReport
{
    private const double WantedRatio = 1.15;
    private const double WantedGap = 0.02;

    private readonly IReadOnlyList<ILearner> _peers;
    private readonly TextWriter _output;
    private readonly MarkdownTable _lines;
    private readonly List<TableResult> _results = [];

    public TablesReport(IReadOnlyList<ILearner> peers, TextWriter output)
    {
        (_peers, _output) = (peers, output);
        _lines = new MarkdownTable(output, "Accuracy in per cent / log-loss", ["table", "for", ">rows", ">features", ">classes",
            ">**ours**", .. peers.Select(peer => ">" + peer.Name),
            ">ours: calibration error", ">rank, log-loss", ">rank, accuracy", ">log-loss ratio",
            ">seconds"]);
    }

    public void Add(TableResult result, TableRows rows, double seconds)
    {
        _results.Add(result);
        _lines.Row([result.Table.Name, result.Table.Purpose.ToString().ToLowerInvariant(), $"{rows.Labels.Length}",
            $"{rows.FeatureCount}", $"{rows.ClassCount}", $"**{Text(result.Ours)}**",
            .. _peers.Select(peer => result.Peers.FirstOrDefault(each => each.Learner == peer) is { Learner: not null } found
                ? Text(found.Measures) : "-"),
            Percent(result.Ours.CalibrationError), Rank(result.LogLossRank), Rank(result.AccuracyRank), Ratio(result.LogLossRatio),
            Number.Short(seconds)]);
    }

    /// <summary>Writes the summary of all tables that were added.</summary>
    public void Summarize()
    {
        IGrouping<string, TableResult>[] groups = [
            .. _results.GroupBy(result => result.Table.Purpose.ToString().ToLowerInvariant()), .. _results.GroupBy(_ => "all")];
        var table = new MarkdownTable(_output, "Summary; ratio and gap against the best linear or neural peer", "tables", ">number",
            ">log-loss ratio, geometric mean", ">median", ">worst", ">tables above 1.15", ">first or second in log-loss",
            ">median rank, accuracy", ">worst gap of accuracy", ">tables above 2 points", ">mean calibration error");
        foreach (IGrouping<string, TableResult> group in groups)
        {
            TableResult[] compared = [.. group.Where(result => result.LogLossRatio is not null)];
            if (compared.Length == 0)
            {
                _output.WriteLine($"No peer has results on the tables for {group.Key}: run without --ours, or install the peers.");
                continue;
            }

            TableResult worst = compared.MaxBy(result => result.LogLossRatio)!;
            TableResult widest = compared.MaxBy(result => result.AccuracyGap)!;
            table.Row(group.Key, $"{compared.Length}",
                Ratio(Math.Exp(compared.Average(result => Math.Log(result.LogLossRatio!.Value)))),
                Ratio(Median(compared.Select(result => result.LogLossRatio!.Value))),
                $"{Ratio(worst.LogLossRatio)} ({worst.Table.Name})",
                $"{compared.Count(result => result.LogLossRatio > WantedRatio)}",
                Number.Percent((double)compared.Count(result => result.LogLossRank <= 2) / compared.Length),
                $"{Median(compared.Select(result => (double)result.AccuracyRank!)):0.#}",
                $"{Percent(widest.AccuracyGap!.Value)} ({widest.Table.Name})",
                $"{compared.Count(result => result.AccuracyGap > WantedGap)}",
                Percent(compared.Average(result => result.Ours.CalibrationError)));
        }
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private static string Text(Measures measures) => $"{Percent(measures.Accuracy)} / {Loss(measures.LogLoss)}";

    private static string Percent(double share) => (100 * share).ToString("F1", CultureInfo.InvariantCulture);

    private static string Loss(double loss) => loss.ToString(loss < 0.1 ? "F4" : "F3", CultureInfo.InvariantCulture);

    private static string Rank(int? rank) => rank?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Ratio(double? ratio) => ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";
}
