namespace DigitRecognition.Reporting;

/// <summary>A line of one of the report's lists.</summary>
/// <param name="Name">What it is about.</param>
/// <param name="Value">What is so.</param>
internal sealed record Fact(string Name, string Value);
