using System.Diagnostics;
using System.Globalization;
using MnistMlNet.Tests.Trust.Comparing;
using MnistMlNet.Tests.Trust.Fuzzing;
using MnistMlNet.Tests.Trust.Killing;

// Long runs of tests that the suite runs in short form; docs/trust.md has the results.
switch (args)
{
    case ["fuzz", .. var rest]:
        return Fuzz(Number(rest, "--cases", 200_000), Number(rest, "--seed", 1));
    case ["kill", .. var rest]:
        return Kill(Number(rest, "--times", 200), Number(rest, "--seed", 1));
    case ["numpy", .. var rest]:
        return Compare(Number(rest, "--cases", 20_000), Number(rest, "--seed", 1), Number(rest, "--first", 0));
    case ["write-forever", var writer, var path]:
        return WriteCommand.Forever(writer, path);
    case ["write-once", var writer, var path]:
        return WriteCommand.Once(writer, path);
    case ["train", var checkpoint, var result]:
        KillableTraining.Run(checkpoint, result);
        return 0;
    default:
        Console.Error.WriteLine(
            "Usage: fuzz [--cases 200000] [--seed 1] | kill [--times 200] [--seed 1] | numpy [--cases 20000] [--seed 1] [--first 0]");
        return 2;
}

static int Fuzz(int cases, int seed)
{
    long start = Stopwatch.GetTimestamp();
    int failures = 0;
    foreach (FuzzReport report in FuzzCommand.Run(cases, seed))
    {
        Console.WriteLine(report);
        foreach (string failure in report.Failures)
        {
            Console.WriteLine("  " + failure);
        }

        failures += report.Failures.Count;
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"));
    return failures == 0 ? 0 : 1;
}

static int Kill(int times, int seed)
{
    int failures = 0;
    for (int i = 0; i < AtomicWriter.All.Count; i++)
    {
        // The same number for each writer; the first ones get the remainder.
        int share = (times + AtomicWriter.All.Count - 1 - i) / AtomicWriter.All.Count;
        KillReport report = KillRun.Run(AtomicWriter.All[i], share, seed);
        Console.WriteLine(report);
        foreach (string failure in report.Failures)
        {
            Console.WriteLine("  " + failure);
        }

        failures += report.Failures.Count;
    }

    return failures == 0 ? 0 : 1;
}

static int Compare(int cases, int seed, int first)
{
    long start = Stopwatch.GetTimestamp();
    CompareReport report = CompareRun.Run(cases, seed, first);
    Console.WriteLine(report);
    foreach (string failure in report.Failures)
    {
        Console.WriteLine($"  seed {seed}, {failure}");
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s"));
    return report.Failures.Count == 0 ? 0 : 1;
}

static int Number(string[] arguments, string name, int otherwise) =>
    Array.IndexOf(arguments, name) is >= 0 and var at && at
        + 1 < arguments.Length ? int.Parse(arguments[at + 1], CultureInfo.InvariantCulture) : otherwise;
