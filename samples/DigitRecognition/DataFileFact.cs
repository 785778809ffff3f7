namespace DigitRecognition;

/// <summary>The origin of digits, so that the run can be repeated.</summary>
/// <param name="Name">The file's name, with only those folders that are below the current one.</param>
/// <param name="Use">What the digits were used for.</param>
/// <param name="Rows">The number of rows.</param>
/// <param name="Sha256">The SHA-256 of the uncompressed content, in lower-case hexadecimal.</param>
/// <param name="Origin">The owner of the data and the licence, as far as known.</param>
internal sealed record DataFileFact(string Name, string Use, string Rows, string Sha256, string Origin);
