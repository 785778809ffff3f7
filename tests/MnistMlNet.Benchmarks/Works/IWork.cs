namespace MnistMlNet.Benchmarks.Works;

/// <summary>One comparison of <c>peers</c>.</summary>
internal interface IWork
{
    /// <summary>Gets its name for <c>--work</c>.</summary>
    string Name { get; }

    /// <summary>Gets its line in the help text.</summary>
    string Description { get; }

    void Run(WorkSettings settings);
}
