namespace DigitRecognition.Reporting;

/// <summary>A test digit that the network classified wrongly.</summary>
/// <param name="Row">Its row number among the test digits, from 1.</param>
/// <param name="Label">The true digit.</param>
/// <param name="Prediction">The predicted digit.</param>
/// <param name="Pixels">The image row by row, 0 (background) to 255 (ink).</param>
internal sealed record Mistake(long Row, string Label, Prediction Prediction, byte[] Pixels);
