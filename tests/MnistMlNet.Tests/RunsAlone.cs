namespace MnistMlNet.Tests;

/// <summary>Tests that change state of the whole process, such as the current folder, and so run without other tests.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
