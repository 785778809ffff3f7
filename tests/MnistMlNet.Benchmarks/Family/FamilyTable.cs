using MnistMlNet.Benchmarks.Tables;

namespace MnistMlNet.Benchmarks.Family;

/// <summary>A table of the command <c>family</c>.</summary>
/// <param name="Name">The name of its CSV file.</param>
/// <param name="Task">What is predicted.</param>
/// <param name="TargetCount">The number of targets: the last columns of the file.</param>
/// <param name="Source">The package that it comes in.</param>
/// <param name="Purpose">What results on it may be used for.</param>
internal sealed record FamilyTable(string Name, FamilyTask Task, int TargetCount, string Source, Purpose Purpose)
{
    /// <summary>Gets whether outputs are numbers in the target's unit, and not probabilities.</summary>
    public bool IsNumeric => Task is FamilyTask.Regression or FamilyTask.Counts;
}
