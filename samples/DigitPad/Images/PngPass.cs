namespace DigitPad.Images;

/// <summary>Some of the pixels of an image: those that follow each other in the file.</summary>
/// <param name="X">The first column.</param>
/// <param name="Y">The first row.</param>
/// <param name="StepX">The distance of two columns.</param>
/// <param name="StepY">The distance of two rows.</param>
/// <param name="Columns">The number of pixels in each row; at least 1.</param>
/// <param name="Rows">The number of rows; at least 1.</param>
internal readonly record struct PngPass(int X, int Y, int StepX, int StepY, int Columns, int Rows);
