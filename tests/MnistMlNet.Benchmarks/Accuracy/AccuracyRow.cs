namespace MnistMlNet.Benchmarks.Accuracy;

/// <summary>One row of docs/accuracy.md.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Data"><c>mnist</c> or <c>fashion</c>.</param>
/// <param name="Target">The target accuracy; null where there is none.</param>
/// <param name="Normalizes">Whether <c>NormalizeMinMax</c> comes before the trainer. Augmentation moves values between pixels, so all
/// pixels must have one scale: then the trainer itself divides all by 255.</param>
/// <param name="Options">Creates the options; the seed is set afterwards.</param>
internal sealed record AccuracyRow(string Name, string Data, double? Target, bool Normalizes, Func<TwoLayerNetworkTrainer.Options> Options);
