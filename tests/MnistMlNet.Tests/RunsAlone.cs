namespace MnistMlNet.Tests;

/// <summary>Tests that change what belongs to the whole process, such as the current folder.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
