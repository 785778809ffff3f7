namespace DigitRecognition;

/// <summary>A file that digits were read from.</summary>
/// <param name="Path">The path as given, or as found.</param>
/// <param name="Use">The use of its digits, in a few words.</param>
/// <param name="Rows">The number of rows.</param>
internal sealed record DigitFile(string Path, string Use, long Rows);
