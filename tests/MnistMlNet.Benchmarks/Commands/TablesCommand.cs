using System.CommandLine;
using Microsoft.ML;
using MnistMlNet.Benchmarks.Accuracy;
using MnistMlNet.Benchmarks.Reporting;
using MnistMlNet.Benchmarks.Tables;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary><c>tables</c>: the defaults on small and middling tables, beside what users would take instead.</summary>
internal static class TablesCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("table")
        {
            Description = $"Which tables; all if none is named: {string.Join(", ", BenchmarkTables.All.Select(table => table.Name))}.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.AcceptOnlyFromAmong([.. BenchmarkTables.All.Select(table => table.Name)]);
        var purpose = new Option<Purpose?>("--purpose")
        {
            Description = "Only the tables for tuning, or only those for reporting. Choose defaults by the first alone.",
        };
        var data = new Option<string>("--data")
        {
            Description = "The folder of the tables, their folds and the peers' results. Exported where it lacks tables.",
            DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "MnistMlNet.tables"),
        };
        var ours = new Option<bool>("--ours")
        {
            Description = "Trains ours only; the peers' results are those of earlier runs.",
        };
        var export = new Option<bool>("--export") { Description = "Exports all tables anew." };
        var set = new Option<string[]>("--set", "--option")
        {
            Description = "Changes options of ours, as L2Regularization=0.5 or Optimizer=Lbfgs, to try something out.",
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [],
        };
        var standardized = new Option<bool>("--standardized")
        {
            Description = "Gives ours standardized features, as the peers get them, to try something out.",
        };
        var python = new Option<string>("--python")
        {
            Description = "The Python that has scikit-learn.",
            DefaultValueFactory = _ => Script.DefaultPython,
        };
        var command = new Command("tables",
            "Accuracy, log-loss and calibration of TwoLayerNetwork() with no argument, on features as they come, beside peers with their "
            + "defaults on standardized features: five folds, three times (once above 2,000 rows). The tables and the peers outside .NET "
            + $"need: apt-get install {BenchmarkTables.Packages}. What is missing is named and left out.")
        { names, purpose, data, ours, export, set, standardized, python };
        command.SetAction(parsed =>
        {
            string[] pairs = parsed.GetRequiredValue(set);
            bool isStandardized = parsed.GetValue(standardized);
            MachineHeader.Write(Console.Out,
                string.Join(' ', (string[])["tables", .. pairs, .. isStandardized ? (string[])["--standardized"] : []]));
            string folder = parsed.GetRequiredValue(data);
            TablesRun.Export(BenchmarkTables.All.Select(table => table.Name), folder, parsed.GetRequiredValue(python),
                parsed.GetValue(export), Console.Out);
            string[] wanted = parsed.GetValue(names) ?? [];
            BenchmarkTable[] tables = [.. BenchmarkTables.All.Where(table =>
                (wanted.Length == 0 || wanted.Contains(table.Name)) && (parsed.GetValue(purpose) ?? table.Purpose) == table.Purpose)];
            ILearner[] peers = [.. ScriptLearner.Peers(folder, parsed.GetRequiredValue(python)), .. MlNetLearner.Peers];
            new TablesRun(folder, Ours(pairs, isStandardized), peers, parsed.GetValue(ours)).Run(tables, Console.Out);
        });
        return command;
    }

    private static MlNetLearner Ours(string[] pairs, bool isStandardized) =>
        new("ours", LearnerKind.LinearOrNeural, isStandardized, mlContext =>
        {
            var trainers = mlContext.MulticlassClassification.Trainers;
            if (pairs.Length == 0)
            {
                return trainers.TwoLayerNetwork();
            }

            var options = new TwoLayerNetworkTrainer.Options();
            OptionOverrides.Apply(options, OptionOverrides.Parse(pairs));
            return trainers.TwoLayerNetwork(options);
        });
}
