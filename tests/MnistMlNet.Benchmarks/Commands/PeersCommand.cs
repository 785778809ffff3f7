using System.CommandLine;
using MnistMlNet.Benchmarks.Reporting;
using MnistMlNet.Benchmarks.Works;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary><c>peers</c>: comparison with TorchSharp, oneDNN, OpenBLAS, ONNX Runtime and ML.NET's own trainers.</summary>
internal static class PeersCommand
{
    public static Command Create()
    {
        var work = new Option<string[]>("--work")
        {
            Description = $"What to measure; all if not given. "
                + $"{string.Join("; ", AllWorks.List.Select(each => $"{each.Name}: {each.Description}"))}.",
            AllowMultipleArgumentsPerToken = true,
        };
        work.AcceptOnlyFromAmong([.. AllWorks.List.Select(each => each.Name)]);
        var quick = new Option<bool>("--quick") { Description = "Fewer rows and rounds: for a quick check, not for a published table." };
        var data = new Option<string[]>("--data") { Description = "Only these data sets.", AllowMultipleArgumentsPerToken = true };
        data.AcceptOnlyFromAmong("mnist", "fashion", "random");
        Option<int[]> hidden = Numbers("--hidden", "Only these numbers of hidden units.");
        Option<int[]> batch = Numbers("--batch", "Only these batch sizes.");
        Option<int[]> threads = Numbers("--threads", "Only these numbers of threads.");
        var command = new Command("peers",
            "Measures MnistMlNet and its peers alternately, after a check that they compute the same.") { work, quick, data, hidden, batch,
            threads };
        command.SetAction(parsed =>
        {
            string[] names = parsed.GetValue(work) ?? [];
            var filter = new PointFilter(
                parsed.GetValue(data) ?? [], parsed.GetValue(hidden) ?? [], parsed.GetValue(batch) ?? [], parsed.GetValue(threads) ?? []);
            var settings = new WorkSettings(Console.Out, parsed.GetValue(quick), filter);
            MachineHeader.Write(Console.Out, settings.Quick ? "peers --quick (fewer rows and rounds: not for a published table)" : "peers");
            foreach (IWork each in AllWorks.List.Where(each => names.Length == 0 || names.Contains(each.Name)))
            {
                each.Run(settings);
            }
        });
        return command;
    }

    private static Option<int[]> Numbers(string name, string description) =>
        new(name) { Description = description, AllowMultipleArgumentsPerToken = true };
}
