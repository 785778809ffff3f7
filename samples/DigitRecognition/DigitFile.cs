namespace DigitRecognition;

/// <summary>A file that digits were read from.</summary>
/// <param name="Path">As given, or as found.</param>
/// <param name="Use">What its digits are for, in a few words.</param>
/// <param name="Rows">How many it holds.</param>
internal sealed record DigitFile(string Path, string Use, long Rows);
