namespace DigitRecognition;

/// <summary>A model's prediction for one row.</summary>
/// <param name="Digit">The predicted label.</param>
/// <param name="Probability">Its probability, 0 to 1.</param>
internal readonly record struct Prediction(string Digit, float Probability);
