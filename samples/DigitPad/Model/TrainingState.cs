namespace DigitPad.Model;

/// <summary>The progress of the server towards a model.</summary>
/// <param name="Phase">"loading", "training", "ready" or "failed".</param>
/// <param name="Epoch">The number of completed epochs; 0 before the end of the first.</param>
/// <param name="Epochs">The number of epochs in total; 0 while it isn't known.</param>
/// <param name="Loss">Mean loss of the last epoch.</param>
/// <param name="Accuracy">Fraction of the training digits classified correctly in the last epoch, 0 to 1.</param>
/// <param name="TestAccuracy">Fraction of the test digits that the network classifies correctly, measured at each start; null until
/// then, and where there are no test digits.</param>
/// <param name="Message">The current state, in a sentence.</param>
/// <param name="TestDigits">The number of test digits that the network was measured with; null where <paramref name="TestAccuracy"/>
/// is.</param>
internal sealed record TrainingState(string Phase, int Epoch, int Epochs, double? Loss, double? Accuracy, double? TestAccuracy,
    string Message, int? TestDigits = null)
{
    public static TrainingState Of(string phase, string message) => new(phase, 0, 0, null, null, null, message);
}
