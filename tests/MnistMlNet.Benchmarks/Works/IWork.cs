namespace MnistMlNet.Benchmarks.Works;

/// <summary>One comparison of <c>peers</c>.</summary>
internal interface IWork
{
    /// <summary>Gets what <c>--work</c> calls it.</summary>
    string Name { get; }

    /// <summary>Gets one line for the help.</summary>
    string Description { get; }

    void Run(WorkSettings settings);
}
