namespace DigitRecognition.Reporting;

/// <summary>A test digit that the network read wrongly.</summary>
/// <param name="Row">Its row among the test digits, from 1.</param>
/// <param name="Label">What it is.</param>
/// <param name="Prediction">What the network took it for.</param>
/// <param name="Pixels">The image row by row, 0 (background) to 255 (ink).</param>
internal sealed record Mistake(long Row, string Label, Prediction Prediction, byte[] Pixels);
