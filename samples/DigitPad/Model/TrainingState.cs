namespace DigitPad.Model;

/// <summary>How far the server is on the way to a model.</summary>
/// <param name="Phase">"loading", "training", "ready" or "failed".</param>
/// <param name="Epoch">Passes over the training digits that are done; 0 before the first.</param>
/// <param name="Epochs">Passes that there will be; 0 while that isn't known.</param>
/// <param name="Loss">Mean loss of the last pass.</param>
/// <param name="Accuracy">Share of the training digits read rightly in the last pass, 0 to 1.</param>
/// <param name="TestAccuracy">Share of MNIST's 10,000 test digits that the finished network reads rightly; null where it was loaded from a
/// file.</param>
/// <param name="Message">What is going on, in a sentence.</param>
internal sealed record TrainingState(string Phase, int Epoch, int Epochs, double? Loss, double? Accuracy, double? TestAccuracy,
    string Message)
{
    public static TrainingState Of(string phase, string message) => new(phase, 0, 0, null, null, null, message);
}
