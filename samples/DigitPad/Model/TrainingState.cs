namespace DigitPad.Model;

/// <summary>The progress of the server towards a model.</summary>
/// <param name="Phase">"loading", "training", "ready" or "failed".</param>
/// <param name="Epoch">The number of completed epochs; 0 before the end of the first.</param>
/// <param name="Epochs">The number of epochs in total; 0 while it isn't known.</param>
/// <param name="Loss">Mean loss of the last epoch.</param>
/// <param name="Accuracy">Fraction of the training digits classified correctly in the last epoch, 0 to 1.</param>
/// <param name="TestAccuracy">Fraction of MNIST's 10,000 test digits that the trained network classifies correctly; null where it was
/// loaded from a file.</param>
/// <param name="Message">The current state, in a sentence.</param>
internal sealed record TrainingState(string Phase, int Epoch, int Epochs, double? Loss, double? Accuracy, double? TestAccuracy,
    string Message)
{
    public static TrainingState Of(string phase, string message) => new(phase, 0, 0, null, null, null, message);
}
