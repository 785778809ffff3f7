using System.CommandLine;
using MnistMlNet.Benchmarks.Family;
using MnistMlNet.Benchmarks.Reporting;
using MnistMlNet.Benchmarks.Tables;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary><c>family</c>: the defaults for binary, regression and multi-label tasks, and the time of an epoch.</summary>
internal static class FamilyCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("table")
        {
            Description = $"Which tables; all if none is named: {string.Join(", ", FamilyTables.All.Select(table => table.Name))}.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.AcceptOnlyFromAmong([.. FamilyTables.All.Select(table => table.Name)]);
        var purpose = new Option<Purpose?>("--purpose")
        {
            Description = "Only the tables for tuning, or only those for reporting. Choose defaults by the first alone.",
        };
        var data = new Option<string>("--data")
        {
            Description = "The folder of the tables, their folds and the peers' predictions. Exported where it lacks tables.",
            DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "MnistMlNet.tables"),
        };
        var ours = new Option<bool>("--ours") { Description = "Trains ours only; the peers' predictions are those of earlier runs." };
        var export = new Option<bool>("--export") { Description = "Exports all tables again." };
        var set = new Option<string[]>("--set")
        {
            Description = "Changes options of ours, as L2Regularization=0.5 or Optimizer=Lbfgs, to try something out.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var python = new Option<string>("--python")
        {
            Description = "The Python that has scikit-learn.",
            DefaultValueFactory = _ => Script.DefaultPython,
        };
        var speed = new Option<bool>("--speed") { Description = "Measures only the time of an epoch." };
        var command = new Command("family",
            "RMSE, log-loss and more of TwoLayerNetwork() with no argument for binary, regression and multi-label tasks, beside peers with "
            + "their defaults on standardized features: five folds, three times (once above 2,000 rows). Then the processor time of an "
            + $"epoch, compared with the multiclass trainer. Needs: apt-get install {BenchmarkTables.Packages}.")
        { names, purpose, data, ours, export, set, python, speed };
        command.SetAction(parsed =>
        {
            string[] pairs = parsed.GetRequiredValue(set);
            MachineHeader.Write(Console.Out, string.Join(' ', (string[])["family", .. pairs]));
            if (!parsed.GetValue(speed))
            {
                string folder = parsed.GetRequiredValue(data);
                TablesRun.Export(FamilyTables.All.Select(table => table.Name), folder, parsed.GetRequiredValue(python),
                    parsed.GetValue(export), Console.Out);
                string[] wanted = parsed.GetValue(names) ?? [];
                FamilyTable[] tables = [.. FamilyTables.All.Where(table =>
                    (wanted.Length == 0 || wanted.Contains(table.Name)) && (parsed.GetValue(purpose) ?? table.Purpose) == table.Purpose)];
                new FamilyRun(folder, FamilyLearners.Ours("ours", pairs, RegressionLoss.Squared, isForCounts: false),
                    FamilyLearners.Peers(folder, parsed.GetRequiredValue(python)), parsed.GetValue(ours)).Run(
                        tables, [FamilyLearners.Ours("ours, Loss = Poisson", pairs, RegressionLoss.Poisson, isForCounts: true)],
                        Console.Out);
            }

            if (parsed.GetValue(speed) || parsed.GetValue(names) is null or [] && pairs.Length == 0 && !parsed.GetValue(ours))
            {
                FamilySpeed.Run(Console.Out);
            }
        });
        return command;
    }
}
