using System.CommandLine;
using MnistMlNet.Benchmarks.Reporting;
using MnistMlNet.Benchmarks.Works;

namespace MnistMlNet.Benchmarks.Commands;

/// <summary><c>fromcsv</c>: the time of each part of training from CSV files.</summary>
internal static class FromCsvCommand
{
    public static Command Create()
    {
        var command = new Command("fromcsv", "Times the parts of training from CSV: parse, keys and scaling, pack, train, evaluate.");
        command.SetAction(_ =>
        {
            MachineHeader.Write(Console.Out, "fromcsv");
            FromCsvJob.Run(Console.Out);
        });
        return command;
    }
}
