namespace MnistMlNet.Benchmarks.Accuracy;

/// <summary>One row of docs/accuracy.md.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Data"><c>mnist</c> or <c>fashion</c>.</param>
/// <param name="Wanted">The accuracy that it should reach; null where none was set.</param>
/// <param name="Normalizes">Whether <c>NormalizeMinMax</c> comes before the trainer. Augmentation moves values between pixels, so it needs
/// them on one scale: then the trainer itself divides all by 255.</param>
/// <param name="Options">Makes the options; the seed is set afterwards.</param>
internal sealed record AccuracyRow(string Name, string Data, double? Wanted, bool Normalizes, Func<TwoLayerNetworkTrainer.Options> Options);
