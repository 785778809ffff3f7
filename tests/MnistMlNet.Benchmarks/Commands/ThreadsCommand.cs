using System.CommandLine;
using MnistMlNet.Benchmarks.Measuring;
using MnistMlNet.Benchmarks.Reporting;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary><c>threads</c>: the cost of a <c>NumberOfThreads</c> that is not set, or too large, against one thread.</summary>
internal static class ThreadsCommand
{
    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each side is measured; odd." };
        rounds.DefaultValueFactory = _ => 15;
        var only = new Option<string>("--only") { Description = "Only the points whose name contains this." };
        only.DefaultValueFactory = _ => "";
        var command = new Command(
            "threads", "Measures Fit with NumberOfThreads not set, 16, 64 and 1024 against one thread, alone and with busy loops.")
        {
            rounds,
            only,
        };
        command.SetAction(parsed => Run(parsed.GetValue(rounds), parsed.GetValue(only)!));
        return command;
    }

    private static void Run(int rounds, string only)
    {
        MachineHeader.Write(Console.Out, "threads");
        FitPoint[] points = [.. FitPoint.All().Where(point => point.Name.Contains(only, StringComparison.OrdinalIgnoreCase))];
        foreach (int loops in new[] { 0, 1, Environment.ProcessorCount }.Distinct())
        {
            var table = new MarkdownTable(
                Console.Out, loops == 0 ? "Alone" : $"Busy loops: {loops}; processors: {Environment.ProcessorCount}",
                "Fit", ">threads", ">1 thread", ">these threads", ">min of each", ">time of 1 thread", ">allowed", "kept");
            using var load = new BusyLoops(loops);
            foreach (FitPoint point in points)
            {
                foreach (int? threads in point.Threads)
                {
                    Row(table, point, threads, rounds);
                }
            }
        }
    }

    private static void Row(MarkdownTable table, FitPoint point, int? threads, int rounds)
    {
        for (int warm = 0; warm < 3; warm++)
        {
            point.Fit(1);
            point.Fit(threads);
        }

        Measurement[] results = Alternating.Run(
            point.IsLong ? Math.Min(rounds, 7) : rounds,
            Repeat.Once("1", () => point.Fit(1)),
            Repeat.Once("", () => point.Fit(threads)));
        double allowed = 1.05 * results[0].Median + 0.001;
        table.Row(
            point.Name, threads is { } number ? $"{number}" : "open", Number.Seconds(results[0].Median), Number.Seconds(results[1].Median),
            $"{Number.Seconds(results[0].Min)}, {Number.Seconds(results[1].Min)}", Number.Ratio(results[1].Median / results[0].Median),
            Number.Seconds(allowed), results[1].Median <= allowed ? "yes" : "NO");
    }
}
