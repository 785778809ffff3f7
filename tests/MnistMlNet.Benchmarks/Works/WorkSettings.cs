using MnistMlNet.Benchmarks.Measuring;

namespace MnistMlNet.Benchmarks.Works;

/// <summary>The settings from the command line for all works.</summary>
/// <param name="Output">The output of the tables.</param>
/// <param name="Quick">Fewer rows and rounds: for a quick check during development, not for published tables.</param>
/// <param name="Filter">Which points are measured.</param>
internal sealed record WorkSettings(TextWriter Output, bool Quick, PointFilter Filter)
{
    /// <summary>Gets the number of measurements of each side; odd, so that the median is one of them.</summary>
    public int Rounds => Quick ? 3 : 7;

    /// <summary>Gets the maximum number of rows of a training set.</summary>
    public int TrainingRows => Quick ? 12_000 : int.MaxValue;

    /// <summary>Gets the minimum duration of one side of a round, in seconds, where the work is short and repeated.</summary>
    public double MinSeconds => Quick ? 0.1 : 0.3;

    public void Note(string line)
    {
        Output.WriteLine();
        Output.WriteLine(line);
        Output.Flush();
    }

    /// <summary>Stops the run where two sides differ by more than the tolerance.</summary>
    public static void Check(string what, double difference, double allowed)
    {
        if (!(difference <= allowed))
        {
            throw new CheckFailedException($"{what}: the two sides differ by {difference:G3}; at most {allowed:G3} is allowed. Nothing "
                + $"was timed.");
        }
    }
}
