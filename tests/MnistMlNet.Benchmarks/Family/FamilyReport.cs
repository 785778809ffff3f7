using System.Globalization;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Family;

/// <summary>One line for each table, and a summary for the tables of each purpose.</summary>
internal sealed class FamilyReport
{
    private const double MaxLinearRatio = 1.05;

    private readonly IReadOnlyList<IFamilyLearner> _peers;
    private readonly TextWriter _output;
    private readonly MarkdownTable _lines;
    private readonly List<FamilyResult> _results = [];

    public FamilyReport(IReadOnlyList<IFamilyLearner> peers, TextWriter output)
    {
        (_peers, _output) = (peers, output);
        _lines = new MarkdownTable(output, "RMSE (R²); log-loss (AUC); several labels: mean log-loss (macro F1)", ["table", "task", "for",
            ">rows", ">features", ">targets", ">**ours**", .. peers.Select(peer => ">" + peer.Name), ">rank", ">ours / best linear",
            ">ours / best", ">seconds"]);
    }

    public void Add(FamilyResult result, FamilyRows rows, double seconds)
    {
        _results.Add(result);
        _lines.Row([result.Table.Name, result.Table.Task.ToString().ToLowerInvariant(), Purpose(result), $"{rows.Targets.Length}",
            $"{rows.Features[0].Length}", $"{result.Table.TargetCount}", $"**{Text(result.Ours)}**",
            .. _peers.Select(peer => result.Peers.FirstOrDefault(each => each.Learner == peer) is { Learner: not null } found
                ? Text(found.Measures) : "-"),
            result.Rank?.ToString(CultureInfo.InvariantCulture) ?? "-", Ratio(result.LinearRatio), Ratio(result.BestRatio),
            Number.Short(seconds)]);
    }

    /// <summary>Writes the summary of all tables that were added.</summary>
    public void Summarize()
    {
        var table = new MarkdownTable(_output, "Summary", "tables", ">number", ">median rank", ">mean rank", ">first or second",
            ">ours / best linear, geometric mean", ">worst", ">tables above 1.05");
        foreach (IGrouping<string, FamilyResult> group in (IGrouping<string, FamilyResult>[])[
            .. _results.GroupBy(Purpose), .. _results.GroupBy(_ => "all")])
        {
            FamilyResult[] compared = [.. group.Where(result => result.LinearRatio is not null)];
            if (compared.Length == 0)
            {
                _output.WriteLine($"No linear peer has results on the tables for {group.Key}: run without --ours.");
                continue;
            }

            double[] ranks = [.. compared.Select(result => (double)result.Rank!).Order()];
            FamilyResult worst = compared.MaxBy(result => result.LinearRatio)!;
            table.Row(group.Key, $"{compared.Length}", $"{(ranks[(ranks.Length - 1) / 2] + ranks[ranks.Length / 2]) / 2:0.#}",
                ranks.Average().ToString("F1", CultureInfo.InvariantCulture), $"{ranks.Count(rank => rank <= 2)}",
                Ratio(Math.Exp(compared.Average(result => Math.Log(result.LinearRatio!.Value)))),
                $"{Ratio(worst.LinearRatio)} ({worst.Table.Name})", $"{compared.Count(result => result.LinearRatio > MaxLinearRatio)}");
        }
    }

    private static string Purpose(FamilyResult result) => result.Table.Purpose.ToString().ToLowerInvariant();

    private static string Text(FamilyMeasures measures) =>
        $"{Loss(measures.Loss)} ({measures.Second.ToString(
            measures.Second < -1000 ? "0.0E0" : "F3", CultureInfo.InvariantCulture)})";

    private static string Loss(double loss) => loss.ToString(loss switch
    {
        < 0.1 => "F4",
        < 10 => "F3",
        < 1000 => "F1",
        < 1e7 => "N0",
        _ => "0.0E0",
    }, CultureInfo.InvariantCulture);

    private static string Ratio(double? ratio) => ratio?.ToString("F2", CultureInfo.InvariantCulture) ?? "-";
}
