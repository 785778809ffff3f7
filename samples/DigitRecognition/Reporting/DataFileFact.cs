namespace DigitRecognition.Reporting;

/// <summary>Where digits came from, so that the run can be repeated.</summary>
/// <param name="Name">The file's name, with folders only as far as they lie below the current one.</param>
/// <param name="Use">What its digits were for.</param>
/// <param name="Rows">How many it holds.</param>
/// <param name="Sha256">Of its content, uncompressed, in lower-case hexadecimal.</param>
/// <param name="Origin">Whose data they are and under which licence, as far as known.</param>
internal sealed record DataFileFact(string Name, string Use, string Rows, string Sha256, string Origin);
