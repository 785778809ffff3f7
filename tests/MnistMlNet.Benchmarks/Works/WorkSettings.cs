using MnistMlNet.Benchmarks.Measuring;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>What the command line says about all works.</summary>
/// <param name="Output">Where the tables go.</param>
/// <param name="Quick">Fewer rows and rounds: for a look while the code changes, not for a table to keep.</param>
/// <param name="Filter">Which points are measured.</param>
internal sealed record WorkSettings(TextWriter Output, bool Quick, PointFilter Filter)
{
    /// <summary>Gets how often each side is measured; odd, so that the median is one of them.</summary>
    public int Rounds => Quick ? 3 : 7;

    /// <summary>Gets the rows of a training set, at most.</summary>
    public int TrainingRows => Quick ? 12_000 : int.MaxValue;

    /// <summary>Gets how long one side of a round takes at least, in seconds, where the work is short and repeated.</summary>
    public double LeastSeconds => Quick ? 0.1 : 0.3;

    public void Note(string line)
    {
        Output.WriteLine();
        Output.WriteLine(line);
        Output.Flush();
    }

    /// <summary>Ends the run where two sides differ by more than they may.</summary>
    public static void Check(string what, double difference, double allowed)
    {
        if (!(difference <= allowed))
        {
            throw new CheckFailedException($"{what}: the two sides differ by {difference:G3}; at most {allowed:G3} is allowed. Nothing "
                + $"was timed.");
        }
    }
}
