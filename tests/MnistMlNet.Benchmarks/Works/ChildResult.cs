namespace MnistMlNet.Benchmarks.Works;

/// <summary>The result of a child process.</summary>
/// <param name="Seconds">From its start to its end, as measured by its parent.</param>
/// <param name="PeakBytes">Its peak resident memory (VmHWM).</param>
/// <param name="Accuracy">The accuracy of the model on the test digits.</param>
internal sealed record ChildResult(double Seconds, long PeakBytes, double Accuracy);
