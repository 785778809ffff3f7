using Microsoft.ML;

namespace DigitRecognition;

/// <summary>The training digits and the test digits.</summary>
/// <param name="Train">Columns <c>Label</c> (text) and <c>Features</c> (784 single, 0 to 255).</param>
/// <param name="Test">The same columns.</param>
/// <param name="Files">The files that were read.</param>
/// <param name="Description">The origin of the digits for the user, in parts of a line.</param>
internal sealed record DigitSource(IDataView Train, IDataView Test, IReadOnlyList<DigitFile> Files, IReadOnlyList<string> Description);
