namespace MnistMlNet.Benchmarks.Works;

/// <summary>What a child process did.</summary>
/// <param name="Seconds">From its start to its end, as its parent sees it.</param>
/// <param name="PeakBytes">The most resident memory it had (VmHWM).</param>
/// <param name="Accuracy">Of the model on the test digits.</param>
internal sealed record ChildResult(double Seconds, long PeakBytes, double Accuracy);
